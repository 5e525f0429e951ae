using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.All))]
sealed class BatchNormTests(string deviceName)
{
    const float Eps = 1e-5f;

    Device _device = null!;

    [OneTimeSetUp] public void Open() => _device = TestDevices.Open(deviceName);
    [OneTimeTearDown] public void Dispose() => _device.Dispose();

    static IEnumerable<TestCaseData> Shapes =>
    [
        Case("images", new(3, 5, 7 * 9, Eps)),
        Case("one pixel per image", new(11, 6, 1, Eps)),
        Case("one image", new(1, 3, 50, Eps)),
        Case("one channel", new(4, 1, 37, Eps)),
        Case("two values", new(2, 3, 1, Eps)),
        Case("large epsilon", new(3, 4, 10, 0.5f)),
        Case("rows just below a vector", new(5, 2, 7, Eps)),
    ];

    static TestCaseData Case(string why, BatchNormShape s) => new TestCaseData(s).SetArgDisplayNames(why);

    sealed record Inputs(double[] X, double[] Weight, double[] Bias, double[] RunningMean, double[] RunningVar, double[] Dy)
    {
        public static Inputs Of(int seed, BatchNormShape s)
        {
            var random = new Random(seed);
            int length = s.N * s.C * s.HW;
            return new(Draw.Uniform(random, length), Draw.Uniform(random, s.C), Draw.Uniform(random, s.C), Draw.Uniform(random, s.C), Draw.Uniform(random, s.C, 0.5, 2), Draw.Uniform(random, length));
        }
    }

    [TestCaseSource(nameof(Shapes))]
    public void Training_agrees_with_the_definition(BatchNormShape s)
    {
        var a = Inputs.Of(1, s);
        const double momentum = 0.125;

        var (y, mean, invStd, runningMean, runningVar) = Train(a, (float)momentum, s);

        double count = (double)s.N * s.HW;
        var (m, v) = BatchNormDefinition.Moments(a.X, s);
        Close.Check(BatchNormDefinition.Training(a.X, a.Weight, a.Bias, s), y, rtol: 2e-6, atol: 2e-6, $"y of {s}");
        Close.Check(m, mean, rtol: 3e-7, atol: 1e-7, $"mean of {s}");
        Close.Check([.. v.Select(u => 1 / Math.Sqrt(u + s.Eps))], invStd, rtol: 1e-6, atol: 0, $"invStd of {s}");
        Close.Check([.. m.Select((u, c) => (1 - momentum) * a.RunningMean[c] + momentum * u)], runningMean, rtol: 1e-6, atol: 1e-7, $"running mean of {s}");
        Close.Check([.. v.Select((u, c) => (1 - momentum) * a.RunningVar[c] + momentum * u * count / (count - 1))], runningVar, rtol: 1e-6, atol: 0, $"running variance of {s}");
    }

    [TestCaseSource(nameof(Shapes))]
    public void Inference_agrees_with_the_definition(BatchNormShape s)
    {
        var a = Inputs.Of(2, s);
        using var operands = new Operands(_device);
        var y = operands.Out(a.X.Length);

        _device.BatchNorm.InferenceForward(operands.In(a.X).View, operands.In(a.Weight).View, operands.In(a.Bias).View,
            operands.In(a.RunningMean).View, operands.In(a.RunningVar).View, y.View, s);

        Close.Check(BatchNormDefinition.Normalised(a.X, a.RunningMean, a.RunningVar, a.Weight, a.Bias, s), y.Read(), rtol: 1e-6, atol: 1e-6, $"y of {s}");
    }

    [TestCaseSource(nameof(Shapes))]
    public void Inference_cut_off_below_may_overwrite_its_input(BatchNormShape s)
    {
        var a = Inputs.Of(9, s);
        a.X[0] = double.NaN;
        using var operands = new Operands(_device);
        var x = operands.In(a.X);

        _device.BatchNorm.InferenceForward(x.View, operands.In(a.Weight).View, operands.In(a.Bias).View, operands.In(a.RunningMean).View, operands.In(a.RunningVar).View, x.View, s, least: 0.125f);

        double[] expected = BatchNormDefinition.Normalised(a.X, a.RunningMean, a.RunningVar, a.Weight, a.Bias, s);
        Close.Check(Array.ConvertAll(expected, v => v < 0.125 ? 0.125 : v), x.Read(), rtol: 1e-6, atol: 1e-6, $"y of {s}");
    }

    [TestCaseSource(nameof(Shapes))]
    public void Training_backward_agrees_with_central_differences(BatchNormShape s)
    {
        var a = Inputs.Of(3, s);
        var (m, v) = BatchNormDefinition.Moments(a.X, s);
        using var operands = new Operands(_device);
        var (dx, dweight, dbias) = (operands.Out(a.X.Length), operands.Out(s.C), operands.Out(s.C));

        _device.BatchNorm.TrainingBackward(operands.In(a.Dy).View, operands.In(a.X).View, operands.In(a.Weight).View,
            operands.In(m).View, operands.In([.. v.Select(u => 1 / Math.Sqrt(u + s.Eps))]).View, dx.View, dweight.View, dbias.View, s);

        // Two values per channel are nearly a step function of their difference: the gradient is a small rest of large terms.
        double Loss(double[] x, double[] weight, double[] bias) => CentralDifferences.Dot(BatchNormDefinition.Training(x, weight, bias, s), a.Dy);
        double largest = v.Max(u => 1 / Math.Sqrt(u + s.Eps));
        Close.Check(CentralDifferences.Of(x => Loss(x, a.Weight, a.Bias), a.X, h: 1e-5), dx.Read(), rtol: 1e-5, atol: 1e-6 * largest, $"dx of {s}");
        Close.Check(CentralDifferences.Of(w => Loss(a.X, w, a.Bias), a.Weight), dweight.Read(), rtol: 2e-6, atol: 2e-6, $"dweight of {s}");
        Close.Check(CentralDifferences.Of(b => Loss(a.X, a.Weight, b), a.Bias), dbias.Read(), rtol: 2e-6, atol: 1e-6, $"dbias of {s}");
    }

    [TestCaseSource(nameof(Shapes))]
    public void Inference_backward_agrees_with_central_differences(BatchNormShape s)
    {
        var a = Inputs.Of(4, s);
        using var operands = new Operands(_device);
        var (dx, dweight, dbias) = (operands.Out(a.X.Length), operands.Out(s.C), operands.Out(s.C));
        var (dy, x, weight, mean, variance) = (operands.In(a.Dy), operands.In(a.X), operands.In(a.Weight), operands.In(a.RunningMean), operands.In(a.RunningVar));

        _device.BatchNorm.InferenceBackwardInput(dy.View, weight.View, variance.View, dx.View, s);
        _device.BatchNorm.InferenceBackwardParameters(dy.View, x.View, mean.View, variance.View, dweight.View, dbias.View, s);

        double Loss(double[] x, double[] weight, double[] bias) =>
            CentralDifferences.Dot(BatchNormDefinition.Normalised(x, a.RunningMean, a.RunningVar, weight, bias, s), a.Dy);
        Close.Check(CentralDifferences.Of(x => Loss(x, a.Weight, a.Bias), a.X), dx.Read(), rtol: 1e-6, atol: 1e-7, $"dx of {s}");
        Close.Check(CentralDifferences.Of(w => Loss(a.X, w, a.Bias), a.Weight), dweight.Read(), rtol: 2e-6, atol: 2e-6, $"dweight of {s}");
        Close.Check(CentralDifferences.Of(b => Loss(a.X, a.Weight, b), a.Bias), dbias.Read(), rtol: 2e-6, atol: 1e-6, $"dbias of {s}");
    }

    // E[x²] − E[x]² in float32 would have nothing left here: x is 1000 with a spread of 0.01 … 0.04.
    [Test]
    public void A_mean_large_against_the_spread_leaves_the_variance_sound()
    {
        var s = new BatchNormShape(5, 3, 6100, 1e-12f);
        var a = Inputs.Of(5, s) with { X = [.. Draw.Uniform(new Random(6), 5 * 3 * 6100).Select(u => (double)(float)(1000 + u / 32))] };

        var (_, mean, invStd, _, _) = Train(a, 0.1f, s);

        var (m, v) = BatchNormDefinition.Moments(a.X, s);
        Close.Check(m, mean, rtol: 1e-7, atol: 0, "mean");
        Close.Check([.. v.Select(u => 1 / Math.Sqrt(u + s.Eps))], invStd, rtol: 2e-6, atol: 0, "invStd");
    }

    [Test]
    public void A_NaN_spoils_its_own_channel_and_no_other()
    {
        var s = new BatchNormShape(3, 4, 13, Eps);
        var a = Inputs.Of(7, s);
        a.X[(1 * 4 + 2) * 13 + 5] = double.NaN;

        var (y, _, _, runningMean, runningVar) = Train(a, 0.1f, s);

        Assert.That(Enumerable.Range(0, y.Length).Where(i => float.IsNaN(y[i])), Is.EqualTo(Enumerable.Range(0, y.Length).Where(i => i / 13 % 4 == 2)));
        Assert.That(runningMean.Select(float.IsNaN), Is.EqualTo(new[] { false, false, true, false }));
        Assert.That(runningVar.Select(float.IsNaN), Is.EqualTo(new[] { false, false, true, false }));
    }

    [Test]
    public void Training_on_one_value_per_channel_is_refused() =>
        Assert.That(() => Train(Inputs.Of(8, new(1, 3, 1, Eps)), 0.1f, new(1, 3, 1, Eps)),
            Throws.TypeOf<ShapeException>().With.Message.EqualTo("batch norm: training needs at least 2 values per channel, got 1"));

    (float[] Y, float[] Mean, float[] InvStd, float[] RunningMean, float[] RunningVar) Train(Inputs a, float momentum, BatchNormShape s)
    {
        using var operands = new Operands(_device);
        var (y, mean, invStd) = (operands.Out(a.X.Length, "y"), operands.Out(s.C, "mean"), operands.Out(s.C, "invStd"));
        var (runningMean, runningVar) = (operands.In(a.RunningMean), operands.In(a.RunningVar));

        _device.BatchNorm.TrainingForward(operands.In(a.X).View, operands.In(a.Weight).View, operands.In(a.Bias).View,
            runningMean.View, runningVar.View, momentum, y.View, mean.View, invStd.View, s);

        return (y.Read(), mean.Read(), invStd.Read(), runningMean.Read(), runningVar.Read());
    }
}
