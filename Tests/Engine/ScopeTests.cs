using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

sealed class ScopeTests
{
    const int Elements = 1 << 12;
    const long Bytes = 4 * Elements;

    [Test]
    public void A_scope_frees_what_was_made_inside_and_keeps_what_it_is_told()
    {
        using var device = new CpuDevice(1);
        Tensor kept;
        using (var scope = device.Scope())
        {
            var x = device.Full([Elements], 0.5f);
            kept = scope.Keep((x.Exp() + x).Reshape(2, -1));
            Assert.That(device.LiveBytes, Is.EqualTo(3 * Bytes));
        }
        Assert.That(device.LiveBytes, Is.EqualTo(Bytes));
        Assert.That(kept.ToArray()[5], Is.EqualTo(MathF.Exp(0.5f) + 0.5f).Within(1e-6));
        kept.Dispose();
        Assert.That(device.LiveBytes, Is.Zero);
    }

    [Test]
    public void What_an_inner_scope_keeps_belongs_to_the_outer_one()
    {
        using var device = new CpuDevice(1);
        using (device.Scope())
        {
            using (var inner = device.Scope()) inner.Keep(device.Zeros([Elements]).Exp());
            Assert.That(device.LiveBytes, Is.EqualTo(Bytes));
        }
        Assert.That(device.LiveBytes, Is.Zero);
    }

    [Test]
    public void Keeping_a_result_keeps_what_its_gradient_needs()
    {
        using var device = new CpuDevice(1);
        using var outer = device.Scope();
        var x = device.Full([Elements], 0.5f).Leaf();
        Tensor y;
        using (var scope = device.Scope())
        {
            var middle = x.Square();
            middle.Exp();                                   // nobody's input
            y = scope.Keep(middle * middle);
        }
        Assert.That(device.LiveBytes, Is.EqualTo(3 * Bytes), "x, x², x⁴");
        using var g = Gradients.Of(y, device.Full(y.Shape, 1), x);
        Assert.That(g[x].ToArray()[7], Is.EqualTo(4 * 0.125f).Within(1e-6));
    }

    [Test]
    public void A_freed_tensor_refuses_to_be_read()
    {
        using var device = new CpuDevice(1);
        Tensor x;
        using (device.Scope()) x = device.Zeros([3]);
        Assert.That(() => x.ToArray(), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void Memory_shared_by_reshaping_lives_until_the_last_is_gone()
    {
        using var device = new CpuDevice(1);
        var x = device.Full([Elements], 2);
        var y = x.Reshape(2, -1);
        x.Dispose();
        Assert.That(y.ToArray()[0], Is.EqualTo(2));
        y.Dispose();
        y.Dispose();
        Assert.That(device.LiveBytes, Is.Zero);
    }

    [Test]
    public void Threads_have_scopes_of_their_own()
    {
        using var device = new CpuDevice(1);
        using var scope = device.Scope();
        Tensor? elsewhere = null;
        var thread = new Thread(() => elsewhere = device.Zeros([Elements]));
        thread.Start();
        thread.Join();
        scope.Dispose();
        Assert.That(device.LiveBytes, Is.EqualTo(Bytes));
        elsewhere!.Dispose();
    }

    [Test]
    public void Scopes_end_in_the_order_of_their_nesting()
    {
        using var device = new CpuDevice(1);
        var outer = device.Scope();
        device.Zeros([Elements]);
        var inner = device.Scope();
        device.Zeros([Elements]);
        Assert.That(outer.Dispose, Throws.InvalidOperationException.With.Message.EqualTo("scope: one that was opened inside it is still open, or it was opened on another thread"));
        Assert.That(device.LiveBytes, Is.EqualTo(2 * Bytes));
        inner.Dispose();
        Assert.That(device.LiveBytes, Is.EqualTo(Bytes));
        outer.Dispose();
        inner.Dispose();
        outer.Dispose();
        Assert.That(device.LiveBytes, Is.Zero);
    }

    [Test]
    public void A_scope_is_not_ended_by_another_thread()
    {
        using var device = new CpuDevice(1);
        using var scope = device.Scope();
        device.Zeros([Elements]);
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Assert.Catch(scope.Dispose));
        thread.Start();
        thread.Join();
        Assert.That(thrown, Is.TypeOf<InvalidOperationException>());
        Assert.That(device.LiveBytes, Is.EqualTo(Bytes));
    }

    [Test]
    public void Devices_have_scopes_of_their_own()
    {
        using CpuDevice one = new(1), other = new(1);
        var outer = one.Scope();
        using var scope = other.Scope();
        one.Zeros([Elements]);
        outer.Dispose();
        Assert.That(one.LiveBytes, Is.Zero);
    }

    [Test]
    public void An_operation_that_fails_leaves_no_memory_behind_in_its_scope()
    {
        using var device = new CpuDevice(1);
        Assert.That(() =>
        {
            using var scope = device.Scope();
            device.Zeros([2, 3]).MatMul(device.Zeros([2, 3]));
        }, Throws.TypeOf<ShapeException>());
        Assert.That(device.LiveBytes, Is.Zero);
    }
}
