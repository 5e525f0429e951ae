using System.Text.Json;
using IlgpuXai.Kernels;
using ILGPU;
using NUnit.Framework;

namespace IlgpuXai.Tests;

[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.All))]
sealed class OptimizeTests(string deviceName) : DeviceTests(deviceName)
{
    public sealed record Golden(string Name, string Kind, double Rate, double Momentum, bool Nesterov, double WeightDecay, double Beta1, double Beta2, double Eps,
        double[] Start, double[][] Gradients, double[][] Weights)
    {
        public override string ToString() => $"{Kind}, {Name}";
    }

    sealed record GoldenFile(int Seed, string Torch, Golden[] Cases);

    static Golden[] Cases => JsonSerializer.Deserialize<GoldenFile>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Kernels", "Goldens", "optimisers.json")), JsonSerializerOptions.Web)!.Cases;

    [TestCaseSource(nameof(Cases))]
    public void Every_step_agrees_with_PyTorch(Golden g)
    {
        int n = g.Start.Length;
        ArrayView<float> w = On(g.Start), first = On(new double[n]), second = On(new double[n]);
        for (int step = 1; step <= g.Gradients.Length; step++)
        {
            var dw = On(g.Gradients[step - 1]);
            if (g.Kind == "SGD") Device.Optimize.Sgd(w, dw, g.Momentum == 0 ? default : first, new(g.Rate, g.Momentum, g.WeightDecay, g.Nesterov));
            else Device.Optimize.Adam(w, dw, first, second, new(g.Rate, g.Beta1, g.Beta2, g.Eps, g.WeightDecay, g.Kind == "AdamW", step));
            Close.Check(g.Weights[step - 1], Read(w), 5e-7, 1e-7, $"weights after step {step}");
            Assert.That(Read(dw), Is.EqualTo(Draw.Floats(g.Gradients[step - 1])), "the gradient stays as it is");
        }
    }

    [Test]
    public void Adam_minds_the_last_digits_of_beta2()
    {
        // After one step from zeros m̂ = g and v̂ = g² whatever the betas; only v itself shows 1 − β₂, which float32 would take as 0.00099998713.
        ArrayView<float> w = On(1f), v = On(0f);
        Device.Optimize.Adam(w, On(2f), On(0f), v, new(0.001, 0.9, 0.999, 1e-8, 0, false, 1));
        Close.Check([0.004], Read(v), 2e-7, 0, "v");
        Close.Check([0.999], Read(w), 1e-7, 0, "w");
    }

    [Test]
    public void Averages_that_fade_end_in_zero_on_every_device()
    {
        // Half of the one is subnormal, half of the other just not.
        const float fades = 2e-38f, stays = 2.4e-38f;
        float[] start = [.. Enumerable.Range(0, 19).Select(i => i % 3 == 0 ? fades : i % 3 == 1 ? -fades : -stays)];
        float[] faded = [.. start.Select(v => v == -stays ? -stays / 2 : 0)];
        ArrayView<float> w = On(new double[19]), velocity = On(start), none = On(new double[19]);
        Device.Optimize.Sgd(w, none, velocity, new(1, 0.5, 0, false));
        Assert.That(Read(velocity), Is.EqualTo(faded), "velocity");
        Assert.That(Read(w), Is.EqualTo(faded.Select(v => -v)), "w moves by what is left");

        ArrayView<float> m = On(start), v = On([.. start.Select(MathF.Abs)]);
        Device.Optimize.Adam(On(new double[19]), none, m, v, new(0.1, 0.5, 0.5, 1e-8, 0, false, 1));
        Assert.That(Read(m), Is.EqualTo(faded), "m");
        Assert.That(Read(v), Is.EqualTo(faded.Select(MathF.Abs)), "v");
    }

    [Test]
    public void A_NaN_gradient_spoils_its_own_weight_only()
    {
        ArrayView<float> w = On(1f, 2f), velocity = On(0f, 0f);
        Device.Optimize.Sgd(w, On(float.NaN, 1f), velocity, new(0.5, 0.9, 0, false));
        Close.Check([double.NaN, 1.5], Read(w), 0, 0, "w");
    }

    [Test]
    public void No_parameters_are_no_work_and_wrong_calls_are_refused()
    {
        Device.Optimize.Sgd(default, default, default, new(0.1, 0.9, 0, false));
        Device.Optimize.Adam(default, default, default, default, new(0.1, 0.9, 0.999, 1e-8, 0, false, 1));
        Assert.That(() => Device.Optimize.Sgd(On(1f), On(1f, 2f), default, new(0.1, 0, 0, false)), Throws.TypeOf<ShapeException>());
        Assert.That(() => Device.Optimize.Adam(On(1f), On(1f), On(1f), On(1f), new(0.1, 0.9, 0.999, 1e-8, 0, false, 0)), Throws.InstanceOf<ArgumentException>());
    }
}
