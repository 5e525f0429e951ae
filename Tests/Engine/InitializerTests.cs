using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

sealed class InitializerTests
{
    readonly CpuDevice _device = new(1);

    [OneTimeTearDown]
    public void Close_device() => _device.Dispose();

    [Test]
    public void The_generator_is_SplitMix64()
    {
        // First outputs of Vigna's splitmix64.c for seed 1234567.
        var random = new Generator(1234567);
        ulong[] expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821];
        Assert.That(expected.Select(_ => random.NextUInt64()), Is.EqualTo(expected));
    }

    static readonly Shape Weight = [64, 24, 5, 3];
    const double FanIn = 24 * 15, FanOut = 64 * 15;

    static IEnumerable<TestCaseData> Uniform =>
    [
        new TestCaseData((Initializer i) => i.KaimingUniform(Weight), Math.Sqrt(6 / FanIn)).SetArgDisplayNames("Kaiming, ReLU"),
        new TestCaseData((Initializer i) => i.KaimingUniform(Weight, a: Math.Sqrt(5)), 1 / Math.Sqrt(FanIn)).SetArgDisplayNames("Kaiming, √5"),
        new TestCaseData((Initializer i) => i.KaimingUniform(Weight, fanOut: true), Math.Sqrt(6 / FanOut)).SetArgDisplayNames("Kaiming, fan out"),
        new TestCaseData((Initializer i) => i.XavierUniform(Weight), Math.Sqrt(6 / (FanIn + FanOut))).SetArgDisplayNames("Xavier"),
        new TestCaseData((Initializer i) => i.FanInUniform([4000], Weight), 1 / Math.Sqrt(FanIn)).SetArgDisplayNames("PyTorch's default"),
    ];

    [TestCaseSource(nameof(Uniform))]
    public void Uniform_values_fill_their_bounds(Func<Initializer, Tensor> draw, double bound)
    {
        using var t = draw(new(_device, seed: 5));
        float[] values = t.ToArray();
        Assert.That(values.Max(), Is.EqualTo(bound).Within(0.1).Percent.And.LessThanOrEqualTo((float)bound));
        Assert.That(values.Min(), Is.EqualTo(-bound).Within(0.1).Percent.And.GreaterThanOrEqualTo((float)-bound));
        Assert.That(values.Average(v => (double)v * v), Is.EqualTo(bound * bound / 3).Within(5).Percent);
        Assert.That(values.Average(), Is.Zero.Within(0.05 * bound));
    }

    static IEnumerable<TestCaseData> Normal =>
    [
        new TestCaseData((Initializer i) => i.KaimingNormal(Weight), Math.Sqrt(2 / FanIn)).SetArgDisplayNames("Kaiming"),
        new TestCaseData((Initializer i) => i.KaimingNormal(Weight, fanOut: true), Math.Sqrt(2 / FanOut)).SetArgDisplayNames("Kaiming, fan out"),
        new TestCaseData((Initializer i) => i.XavierNormal(Weight), Math.Sqrt(2 / (FanIn + FanOut))).SetArgDisplayNames("Xavier"),
    ];

    [TestCaseSource(nameof(Normal))]
    public void Normal_values_have_their_deviation(Func<Initializer, Tensor> draw, double deviation)
    {
        using var t = draw(new(_device, seed: 6));
        float[] values = t.ToArray();
        Assert.That(Math.Sqrt(values.Average(v => (double)v * v)), Is.EqualTo(deviation).Within(2).Percent);
        Assert.That(values.Count(v => Math.Abs(v) < deviation) / (double)values.Length, Is.EqualTo(0.6827).Within(0.01));
    }

    [Test]
    public void A_seed_gives_the_same_bits()
    {
        float[] Draw(ulong seed)
        {
            using var t = new Initializer(_device, seed).KaimingNormal(Weight);
            return t.ToArray();
        }
        float[] first = Draw(1);
        Assert.That(Draw(1), Is.EqualTo(first));
        Assert.That(Draw(2), Is.Not.EqualTo(first));
    }

    [Test]
    public void A_shuffle_is_a_permutation_and_integers_reach_every_value()
    {
        var random = new Generator(3);
        int[] items = [.. Enumerable.Range(0, 50)];
        random.Shuffle(items.AsSpan());
        Assert.That(items, Is.EquivalentTo(Enumerable.Range(0, 50)).And.Not.Ordered);
        int[] counts = new int[6];
        for (int i = 0; i < 6000; i++) counts[random.NextInt(6)]++;
        Assert.That(counts, Has.All.EqualTo(1000).Within(150));
    }

    [Test]
    public void A_weight_without_inputs_is_refused() =>
        Assert.That(() => new Initializer(_device).KaimingUniform([5]), Throws.TypeOf<ShapeException>().With.Message.EqualTo("initializer: [5] has no fan, at least [Out, In] was expected"));
}
