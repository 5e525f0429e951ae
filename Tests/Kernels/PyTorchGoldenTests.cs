using View = ILGPU.ArrayView<float>;
using System.Text.Json;
using System.Text.Json.Serialization;
using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>The meaning of the operations is PyTorch's: Goldens/pool_resize.json holds what it computed, the script beside it made the file.</summary>
[TestFixtureSource(typeof(TestDevices), nameof(TestDevices.All))]
sealed class PyTorchGoldenTests(string deviceName)
{
    public sealed record MapCase(string Name, int[] Shape, double[] X, double[] Y, double[] Dy, double[] Dx, int[] Argmax)
    {
        public override string ToString() => Name;
    }

    public sealed record NormResult(double[] Y, double[] Dx, double[] Dweight, double[] Dbias, double[] RunningMean, double[] RunningVar);

    public sealed record NormCase(string Name, int[] Shape, float Momentum, float Eps, double[] X, double[] Weight, double[] Bias,
        double[] RunningMean, double[] RunningVar, double[] Dy, NormResult Training, NormResult Inference)
    {
        public BatchNormShape BatchNorm => new(Shape[0], Shape[1], Shape[2], Eps);
        public override string ToString() => Name;
    }

    sealed record File(MapCase[] MaxPool, MapCase[] AveragePool, MapCase[] AdaptivePool, MapCase[] Bilinear, MapCase[] Nearest, NormCase[] BatchNorm);

    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    static readonly File Goldens = JsonSerializer.Deserialize<File>(
        System.IO.File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Kernels", "Goldens", "pool_resize.json")), Options)!;

    static IEnumerable<MapCase> MaxPools => Goldens.MaxPool;
    static IEnumerable<MapCase> AveragePools => Goldens.AveragePool;
    static IEnumerable<MapCase> AdaptivePools => Goldens.AdaptivePool;
    static IEnumerable<MapCase> Bilinears => Goldens.Bilinear;
    static IEnumerable<MapCase> Nearests => Goldens.Nearest;
    static IEnumerable<NormCase> BatchNorms => Goldens.BatchNorm;

    Device _device = null!;

    [OneTimeSetUp] public void Open() => _device = TestDevices.Open(deviceName);
    [OneTimeTearDown] public void Dispose() => _device.Dispose();

    [TestCaseSource(nameof(MaxPools))]
    public void Max_pooling(MapCase g)
    {
        var s = Sliding(g);
        using var operands = new Operands(_device);
        var (y, argmax, dx) = (operands.Out(g.Y.Length), operands.OutInts(g.Y.Length), operands.Out(g.X.Length));
        _device.Pool2d.MaxForward(operands.In(g.X).View, y.View, argmax.View, s);
        _device.Pool2d.MaxBackward(operands.In(g.Dy).View, argmax.View, dx.View, s);
        Close.Check(g.Y, y.Read(), rtol: 0, atol: 0, "y");
        Assert.That(argmax.Read(), Is.EqualTo(g.Argmax), "argmax");
        Close.Check(g.Dx, dx.Read(), rtol: 0, atol: 0, "dx");
    }

    [TestCaseSource(nameof(AveragePools))]
    public void Average_pooling(MapCase g) =>
        Check(g, (x, y) => _device.Pool2d.AverageForward(x, y, Sliding(g)), (dy, dx) => _device.Pool2d.AverageBackward(dy, dx, Sliding(g)));

    [TestCaseSource(nameof(AdaptivePools))]
    public void Adaptive_average_pooling(MapCase g)
    {
        var s = new AdaptivePoolShape(g.Shape[0], g.Shape[1], g.Shape[2], g.Shape[3], g.Shape[4]);
        Check(g, (x, y) => _device.Pool2d.AdaptiveAverageForward(x, y, s), (dy, dx) => _device.Pool2d.AdaptiveAverageBackward(dy, dx, s));
    }

    [TestCaseSource(nameof(Bilinears))]
    public void Bilinear_resizing(MapCase g) =>
        Check(g, (x, y) => _device.Resize.BilinearForward(x, y, Resized(g)), (dy, dx) => _device.Resize.BilinearBackward(dy, dx, Resized(g)));

    [TestCaseSource(nameof(Nearests))]
    public void Nearest_resizing(MapCase g) =>
        Check(g, (x, y) => _device.Resize.NearestForward(x, y, Resized(g)), (dy, dx) => _device.Resize.NearestBackward(dy, dx, Resized(g)));

    [TestCaseSource(nameof(BatchNorms))]
    public void Batch_normalisation_in_training(NormCase g)
    {
        var s = g.BatchNorm;
        using var operands = new Operands(_device);
        var (x, dy, weight) = (operands.In(g.X), operands.In(g.Dy), operands.In(g.Weight));
        var (y, mean, invStd, dx, dweight, dbias) = (operands.Out(g.X.Length), operands.Out(s.C), operands.Out(s.C), operands.Out(g.X.Length), operands.Out(s.C), operands.Out(s.C));
        var (runningMean, runningVar) = (operands.In(g.RunningMean), operands.In(g.RunningVar));

        _device.BatchNorm.TrainingForward(x.View, weight.View, operands.In(g.Bias).View, runningMean.View, runningVar.View, g.Momentum, y.View, mean.View, invStd.View, s);
        _device.BatchNorm.TrainingBackward(dy.View, x.View, weight.View, mean.View, invStd.View, dx.View, dweight.View, dbias.View, s);

        Close.Check(g.Training.Y, y.Read(), rtol: 1e-6, atol: 1e-6, "y");
        Close.Check(g.Training.RunningMean, runningMean.Read(), rtol: 1e-6, atol: 1e-7, "running mean");
        Close.Check(g.Training.RunningVar, runningVar.Read(), rtol: 1e-6, atol: 0, "running variance");
        Close.Check(g.Training.Dx, dx.Read(), rtol: 2e-6, atol: 2e-6, "dx");
        Close.Check(g.Training.Dweight, dweight.Read(), rtol: 1e-6, atol: 3e-6, "dweight");
        Close.Check(g.Training.Dbias, dbias.Read(), rtol: 1e-6, atol: 1e-6, "dbias");
    }

    [TestCaseSource(nameof(BatchNorms))]
    public void Batch_normalisation_in_inference(NormCase g)
    {
        var s = g.BatchNorm;
        using var operands = new Operands(_device);
        var (x, dy, weight, mean, variance) = (operands.In(g.X), operands.In(g.Dy), operands.In(g.Weight), operands.In(g.RunningMean), operands.In(g.RunningVar));
        var (y, dx, dweight, dbias) = (operands.Out(g.X.Length), operands.Out(g.X.Length), operands.Out(s.C), operands.Out(s.C));

        _device.BatchNorm.InferenceForward(x.View, weight.View, operands.In(g.Bias).View, mean.View, variance.View, y.View, s);
        _device.BatchNorm.InferenceBackwardInput(dy.View, weight.View, variance.View, dx.View, s);
        _device.BatchNorm.InferenceBackwardParameters(dy.View, x.View, mean.View, variance.View, dweight.View, dbias.View, s);

        Close.Check(g.Inference.Y, y.Read(), rtol: 1e-6, atol: 1e-6, "y");
        Close.Check(g.Inference.Dx, dx.Read(), rtol: 1e-6, atol: 1e-7, "dx");
        Close.Check(g.Inference.Dweight, dweight.Read(), rtol: 1e-6, atol: 3e-6, "dweight");
        Close.Check(g.Inference.Dbias, dbias.Read(), rtol: 1e-6, atol: 1e-6, "dbias");
    }

    void Check(MapCase g, Action<View, View> forward, Action<View, View> backward)
    {
        using var operands = new Operands(_device);
        var (y, dx) = (operands.Out(g.Y.Length), operands.Out(g.X.Length));
        forward(operands.In(g.X).View, y.View);
        backward(operands.In(g.Dy).View, dx.View);
        Close.Check(g.Y, y.Read(), rtol: 1e-6, atol: 3e-7, "y");
        Close.Check(g.Dx, dx.Read(), rtol: 1e-6, atol: 1e-6, "dx");
    }

    static Pool2dShape Sliding(MapCase g) => new(g.Shape[0], g.Shape[1], g.Shape[2], g.Shape[3], g.Shape[4], g.Shape[5], g.Shape[6], g.Shape[7], g.Shape[8]);

    static ResizeShape Resized(MapCase g) => new(g.Shape[0], g.Shape[1], g.Shape[2], g.Shape[3], g.Shape[4]);
}
