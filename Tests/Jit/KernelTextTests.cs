using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using IlgpuXai.Jit;
using IlgpuXai.Kernels;
using IlgpuXai.Simt;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>What the generated text looks like, and what is refused.</summary>
public class KernelTextTests
{
    [Vector]
    internal readonly struct Float4(float x, float y, float z, float w)
    {
        public readonly float X = x, Y = y, Z = z, W = w;
    }

    internal readonly record struct Size(int Rows, int Columns);

    static KernelText Cuda(Delegate kernel, bool restrict = true) => KernelTranslator.Translate(kernel.Method, new(Language.Cuda) { Restrict = restrict });
    static KernelText OpenCl(Delegate kernel) => KernelTranslator.Translate(kernel.Method, new(Language.OpenCl) { Restrict = true });

    static void ScaleKernel(Index1D i, ArrayView<float> x, ArrayView<float> y, float factor)
    {
        int last = x.IntLength - 1;
        float sum = 0f;
        for (int k = 0; k < 4; k++) sum += x[IntrinsicMath.Min(i + k, last)];
        y[i] = factor * sum;
    }

    [Test]
    public void Text_reads_like_its_source()
    {
        string[] lines = Cuda(ScaleKernel).Text.Split('\n');
        Assert.That(lines[0], Does.StartWith("// KernelTextTests.Scale, from KernelTextTests.cs("));
        Assert.That(string.Join('\n', lines[3..]), Is.EqualTo("""
            extern "C" __global__ void __launch_bounds__(256) KernelTextTests_Scale(int extent, const float* __restrict__ x, i64 x_length, float* __restrict__ y, float factor)
            {
                int i = (int)blockIdx.x * (int)blockDim.x + (int)threadIdx.x;
                if (i >= extent) return;
                int last = (int)x_length - 1;
                float sum = 0.0f;
                #pragma unroll
                for (int k = 0; k < 4; k++)
                    sum += x[min(i + k, last)];
                y[i] = factor * sum;
            }

            """));
    }

    [Test]
    public void Parameters_say_what_the_launcher_has_to_pass()
    {
        var text = Cuda(ScaleKernel);
        Assert.That(text.IsAutoGrouped);
        Assert.That(text.Parameters.Select(p => (p.Name, p.Index, p.IsView, p.PassesLength, p.IsWritten, p.ElementSize)),
            Is.EqualTo(new[] { ("x", 1, true, true, false, 4), ("y", 2, true, false, true, 4), ("factor", 3, false, false, false, 0) }));
    }

    [Test]
    public void Pointers_are_restrict_only_where_the_launcher_has_checked() => Assert.That(Cuda(ScaleKernel, restrict: false).Text, Does.Not.Contain("__restrict__"));

    static void VectorKernel(Index1D i, ArrayView<float> x, ArrayView<float> y)
    {
        var v = x.Cast<Float4>()[i];
        y.Cast<Float4>()[i] = new(v.W, v.Z, v.Y, v.X);
    }

    [Test]
    public void Views_cast_to_vectors_are_read_in_one_load_and_say_their_alignment()
    {
        var text = Cuda(VectorKernel);
        Assert.That(text.Text, Does.Contain("struct __align__(16) KernelTextTests_Float4_t {").And.Contain("load_KernelTextTests_Float4_t("));
        Assert.That(text.Parameters.Select(p => p.Alignment), Is.EqualTo(new[] { 16, 16 }));
    }

    [Test]
    public void A_view_that_is_not_aligned_for_its_vectors_is_refused_at_the_launch()
    {
        using var device = EmulatedCuda.Open();
        using var x = device.Allocate<float>(20);
        using var y = device.Allocate<float>(16);
        var run = device.Runner.LoadAuto<ArrayView<float>, ArrayView<float>>(VectorKernel);
        device.Upload<float>(SimtHarness.Random(20, 1), x.View);
        run(4, x.View.SubView(4, 16), y.View);
        float[] from = new float[20], to = new float[16];
        device.Download(x.View, from);
        device.Download(y.View, to);
        Assert.That(to, Is.EqualTo(Enumerable.Range(0, 16).Select(i => from[4 + i / 4 * 4 + 3 - i % 4])));
        Assert.That(() => run(4, x.View.SubView(3, 16), y.View), Throws.ArgumentException.With.Message.EqualTo("KernelTextTests.VectorKernel: the view x is read as vectors and must start at a multiple of 16 bytes"));
    }

    static void ShiftKernel(Index1D i, ArrayView<float> x, ArrayView<float> y) => y[i] = x[i] + 1f;

    [Test]
    public void A_kernel_may_work_in_place()
    {
        foreach (var open in new Func<Device>[] { () => EmulatedCuda.Open(), () => TestDevices.OrIgnore(() => new OpenClDevice()) })
        {
            using var device = (GpuDevice)open();
            using var x = device.Allocate<float>(300);
            device.Upload<float>([.. SimtHarness.Ramp(300).Select(i => (float)i)], x.View);
            device.Runner.LoadAuto<ArrayView<float>, ArrayView<float>>(ShiftKernel)(300, x.View, x.View);
            float[] y = new float[300];
            device.Download(x.View, y);
            Assert.That(y, Is.EqualTo(Enumerable.Range(1, 300)));
        }
    }

    static void SpecialKernel(Index1D i, ArrayView<int> y, SpecializedValue<Size> size, SpecializedValue<int> factor)
    {
        if (i < size.Value.Rows * size.Value.Columns) y[i] = i / size.Value.Columns * factor;
    }

    [Test]
    public void Specialised_values_are_compiled_in_one_kernel_for_each()
    {
        var constants = new Dictionary<int, object> { [2] = SpecializedValue.New(new Size(3, 5)), [3] = SpecializedValue.New(7) };
        var text = KernelTranslator.Translate(((Delegate)SpecialKernel).Method, new(Language.Cuda) { Constants = constants });
        Assert.That(text.Text, Does.Contain("if (i < 15)").And.Contain("i / 5 * 7"));

        using var device = EmulatedCuda.Open();
        using var y = device.Allocate<int>(15);
        var run = device.Runner.LoadAuto<ArrayView<int>, SpecializedValue<Size>, SpecializedValue<int>>(SpecialKernel);
        foreach (int factor in (int[])[7, 9, 7])
        {
            run(15, y.View, SpecializedValue.New(new Size(3, 5)), SpecializedValue.New(factor));
            int[] values = new int[15];
            device.Download(y.View, values);
            Assert.That(values, Is.EqualTo(Enumerable.Range(0, 15).Select(i => i / 5 * factor)));
        }
    }

    static void LargeSharedKernel(ArrayView<float> x, ArrayView<float> y)
    {
        var tile = SharedMemory.Allocate<float>(10_000);
        var other = SharedMemory.Allocate<float>(5_000);
        var dynamic = SharedMemory.GetDynamic<float>();
        int t = Group.IdxX;
        tile[9_999 - t] = x[t];
        other[t] = 2f * x[t];
        dynamic[t] = 3f * x[t];
        Group.Barrier();
        y[t] = tile[9_999 - (31 - t)] + other[t] + dynamic[t];
    }

    [Test]
    public void Shared_memory_above_48_KiB_is_carved_from_dynamic_memory()
    {
        Assert.That(Cuda(LargeSharedKernel).CarvedSharedBytes, Is.EqualTo(60_000));
        using var device = EmulatedCuda.Open();
        using var x = device.Allocate<float>(32);
        using var y = device.Allocate<float>(32);
        device.Upload<float>([.. SimtHarness.Ramp(32).Select(i => (float)i)], x.View);
        device.Runner.Load<ArrayView<float>, ArrayView<float>>(LargeSharedKernel)(new(1, 32, SharedMemoryConfig.RequestDynamic<float>(32)), x.View, y.View);
        float[] values = new float[32];
        device.Download(y.View, values);
        Assert.That(values, Is.EqualTo(Enumerable.Range(0, 32).Select(t => 31 - t + 5 * t)));
    }

    static void FunctionKernel(Index1D i, ArrayView<float> x) => x[i] = XMath.Rsqrt(x[i]) + XMath.Exp(x[i]);

    [Test]
    public void Exact_arithmetic_is_a_choice()
    {
        Assert.That(KernelTranslator.Translate(((Delegate)FunctionKernel).Method, new(Language.OpenCl) { Math = KernelMath.Exact }).Text, Does.Contain("FP_CONTRACT OFF").And.Contain("(1.0f / sqrt(x[i]))"));
        Assert.That(OpenCl(FunctionKernel).Text, Does.Not.Contain("FP_CONTRACT").And.Contain("rsqrt(x[i]) + exp(x[i])"));
    }

    static void TryKernel(Index1D i, ArrayView<int> y)
    {
        try { y[i] = 1; }
        finally { y[i] += 2; }
    }

    static ArrayView<float> Tile() => SharedMemory.Allocate<float>(4);

    static void SharedInHelperKernel(ArrayView<float> y) => y[0] = Tile()[0];

    static void MixedKernel(ArrayView<float> x, ArrayView<float> y)
    {
        var tile = SharedMemory.Allocate<float>(4);
        var either = Group.IdxX == 0 ? tile : x;
        y[0] = either[0];
    }

    static void SizedKernel(ArrayView<float> y, int n) => y[0] = LocalMemory.Allocate<float>(n)[0];

    static int Again(int n) => n < 2 ? 1 : n * Again(n - 1);

    static void RecursiveKernel(Index1D i, ArrayView<int> y) => y[i] = Again(i);

    static void GroupedKernel(Index1D i, ArrayView<float> y) => y[i] = SharedMemory.Allocate<float>(4)[0];

    static void BoolKernel(Index1D i, ArrayView<int> y, bool flag) => y[i] = flag ? 1 : 0;

    static IEnumerable<TestCaseData> Refused()
    {
        static TestCaseData Case(string name, Delegate kernel, string rule) => new TestCaseData(kernel, rule).SetArgDisplayNames(name);
        yield return Case("try", TryKernel, "KernelTextTests.TryKernel at KernelTextTests.cs(LINE): a kernel cannot contain a try block: a device knows no exceptions");
        yield return Case("shared memory in a helper", SharedInHelperKernel, "KernelTextTests.Tile at KernelTextTests.cs(LINE): a kernel cannot contain a helper that allocates shared memory: the kernel does, and passes it");
        yield return Case("two address spaces", MixedKernel, "KernelTextTests.MixedKernel at KernelTextTests.cs(LINE): a kernel cannot contain a reference or view that is shared memory on one path and global memory on another");
        yield return Case("a size that is no constant", SizedKernel, "KernelTextTests.SizedKernel at KernelTextTests.cs(LINE): a kernel cannot contain local memory of a size that is no constant");
        yield return Case("recursion", RecursiveKernel, "KernelTextTests.Again at KernelTextTests.cs(LINE): a kernel cannot contain recursion: KernelTextTests.Again is already running");
        yield return Case("shared memory without groups", GroupedKernel, "KernelTextTests.GroupedKernel at KernelTextTests.cs(LINE): a kernel cannot contain barriers, exchanges or shared memory when it is implicitly grouped (its first parameter is an Index1D)");
    }

    [TestCaseSource(nameof(Refused))]
    public void What_no_device_runs_is_refused_with_method_line_and_rule(object kernel, string rule)
    {
        string message = Assert.Throws<RefusedKernelException>(() => OpenCl((Delegate)kernel))!.Message;
        Assert.That(System.Text.RegularExpressions.Regex.Replace(message, @"cs\(\d+\)", "cs(LINE)"), Is.EqualTo(rule));
    }

    [Test]
    public void What_ILGPU_alone_refuses_is_refused_by_its_rules() =>
        Assert.That(() => IlgpuRules.Check(((Delegate)BoolKernel).Method), Throws.TypeOf<RefusedKernelException>().With.Message.Contains("the parameter flag with a Boolean in it: ILGPU passes numbers only, use an int"));
}
