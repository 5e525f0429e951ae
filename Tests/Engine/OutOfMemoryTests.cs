using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Every allocation of an operation and of its gradient fails once; what was allocated before must be free again.</summary>
sealed class OutOfMemoryTests
{
    // Reshaping takes no memory.
    static IEnumerable<OpCase> Cases => OpCases.All.Where(c => c.Name is not ("reshape" or "flatten"));

    [TestCaseSource(nameof(Cases))]
    public void Nothing_is_lost_whichever_allocation_is_refused(OpCase c)
    {
        int granted = 0;
        while (!Runs(c, granted)) granted++;
        Assert.That(granted, Is.GreaterThan(0), "at least the result takes memory");
    }

    static bool Runs(OpCase c, int granted)
    {
        var memory = new ScarceMemory();
        using var device = new WrappedDevice(memory);
        Tensor[] inputs = [.. c.Inputs.Select(s => device.Full(Shape.Create(s), 0.5f))];
        long before = device.LiveBytes;
        memory.Grants = granted;
        bool enough = true;
        try
        {
            using var scope = device.Scope();
            Tensor[] leaves = [.. inputs.Select(x => x.Leaf())];
            var y = c.Op(leaves);
            using var gradients = Gradients.Of(y, y, leaves);
        }
        catch (OutOfDeviceMemoryException)
        {
            enough = false;
        }
        Assert.That(device.LiveBytes, Is.EqualTo(before), $"after {granted} allocations");
        foreach (var x in inputs) x.Dispose();
        return enough;
    }

    [Test]
    public void Gradients_that_cannot_be_completed_are_freed_without_a_scope_too()
    {
        var memory = new ScarceMemory();
        using var device = new WrappedDevice(memory);
        using Tensor a = device.Full([3000], 2).Leaf(), b = device.Full([3000], 3).Leaf();
        using var product = a * b;
        using var power = product.Exp();
        using var y = power.Sqrt();
        using var seed = device.Full([3000], 1);
        long before = device.LiveBytes;
        int refusals = 0;
        for (bool enough = false; !enough;)
        {
            device.Trim();
            memory.Grants = refusals;
            try
            {
                using var gradients = Gradients.Of(y, seed, power, a, b);
                enough = true;
            }
            catch (OutOfDeviceMemoryException)
            {
                Assert.That(device.LiveBytes, Is.EqualTo(before), $"after {refusals++} allocations");
            }
        }
        Assert.That(refusals, Is.GreaterThan(1));
    }

    [Test]
    public void A_plan_loses_nothing_whichever_allocation_is_refused([Values("features", "gradient", "variants", "line", "plan")] string work, [Range(0, 3)] int seed)
    {
        var memory = new ScarceMemory();
        using var device = new CpuDevice(1, memory: memory);
        using var model = new RandomNetwork(device, seed);
        int side = model.InputShape[1], refusals = 0;
        using var x = device.Tensor([2, .. model.InputShape], Draw.Floats(Draw.Uniform(new Random(seed), 2 * model.InputShape.Elements)));
        long before = device.LiveBytes;
        for (bool enough = false; !enough;)
        {
            device.Trim();
            if (work == "plan") memory.Grants = refusals;
            try
            {
                using var plan = Plan.Of(model, side, side)!;
                device.Trim();
                if (work != "plan") memory.Grants = refusals;
                using var scope = device.Scope();
                Run(plan);
                enough = true;
            }
            catch (OutOfDeviceMemoryException)
            {
                refusals++;
            }
            memory.Grants = int.MaxValue;
            Assert.That(device.LiveBytes, Is.EqualTo(before), $"after {refusals} refusals");
        }
        Assert.That(refusals, Is.GreaterThan(1));

        void Run(Plan plan)
        {
            Tensor first = x.Slice(0, 0, 1), second = x.Slice(0, 1, 1);
            if (work == "features") plan.Features(x);
            else if (work == "gradient")
            {
                var leaf = x.Leaf();
                var y = plan.FeaturesFrom(leaf);
                using var gradients = Gradients.Of(y, y, leaf);
            }
            else if (work == "variants")
            {
                using var around = plan.Around(x);
                around.Of(new Corners()).Features(1, 3);
            }
            else if (work == "line" && plan.Between(first, second) is { } line)
                using (line)
                {
                    using var pass = line.Features([0.25f, 0.5f]);
                    pass.Add(pass.Features, [1, 2]);
                    line.Gradient();
                }
        }
    }

    /// <summary>Ones around the upper left corner.</summary>
    sealed class Corners : ILocalVariants
    {
        public int Count => 2;

        public Rectangle Changed(int i) => new(0, 0, 1 + i, 2);

        public void Paint(int image, int i, Pixel at, int h, int w, Span<float> to) => to.Fill(1);
    }

    [Test]
    public void A_computation_that_fails_frees_its_tensor()
    {
        using var device = new CpuDevice(1);
        Assert.That(() => device.Compute([1000], _ => throw new NotSupportedException()), Throws.TypeOf<NotSupportedException>());
        Assert.That(device.LiveBytes, Is.Zero);
    }
}
