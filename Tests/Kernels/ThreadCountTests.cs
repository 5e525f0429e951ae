using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>The processor gives the same bits for any number of threads.</summary>
sealed class ThreadCountTests
{
    readonly CpuDevice[] _devices = [new(1), new(2), new(3)];

    [OneTimeTearDown] public void Dispose() => Array.ForEach(_devices, d => d.Dispose());

    [TestCaseSource(typeof(Conv2dCases), nameof(Conv2dCases.Small))]
    [TestCaseSource(typeof(Conv2dCases), nameof(Conv2dCases.Large))]
    public void Convolution(Conv2dShape s)
    {
        double[] x = Draw.Uniform(new(1), s.XSize), w = Draw.Uniform(new(2), s.WSize), bias = Draw.Uniform(new(3), s.K), dy = Draw.Uniform(new(4), s.YSize);
        SameBits((d, o) =>
        {
            var (vx, vw, vdy) = (o.In(x).View, o.In(w).View, o.In(dy).View);
            var (y, dx, dw, db) = (o.Out(s.YSize, "y"), o.Out(s.XSize, "dx"), o.Out(s.WSize, "dw"), o.Out(s.K, "db"));
            d.Conv2d.Forward(vx, vw, o.In(bias).View, y.View, s);
            d.Conv2d.BackwardInput(vdy, vw, dx.View, s);
            d.Conv2d.BackwardWeight(vx, vdy, dw.View, s);
            d.Conv2d.BackwardBias(vdy, db.View, s);
            return [y, dx, dw, db];
        });
    }

    [Test]
    public void Matrix_products([Values] bool transposeA, [Values] bool transposeB, [Values(1, 3)] int batch) =>
        SameBits((d, o) =>
        {
            var s = new MatMulShape(61, 137, 400, transposeA, transposeB, batch);
            var c = o.Out(batch * s.M * s.N, "c");
            d.MatMul.Multiply(o.In(Draw.Uniform(new(5), batch * s.M * s.K)).View, o.In(Draw.Uniform(new(6), batch * s.K * s.N)).View, c.View, s);
            return [c];
        });

    [Test]
    public void Pooling() => SameBits((d, o) =>
    {
        var s = new Pool2dShape(7, 17, 27, 3, 3, 2, 2, 1, 1);
        int inputs = 7 * 17 * 27, outputs = 7 * s.P * s.Q;
        var (x, dy) = (o.In(Draw.Uniform(new(7), inputs)).View, o.In(Draw.Uniform(new(8), outputs)).View);
        var (y, argmax, dx, mean, dmean) = (o.Out(outputs), o.OutInts(outputs), o.Out(inputs), o.Out(outputs), o.Out(inputs));
        d.Pool2d.MaxForward(x, y.View, argmax.View, s);
        d.Pool2d.MaxBackward(dy, argmax.View, dx.View, s);
        d.Pool2d.AverageForward(x, mean.View, s);
        d.Pool2d.AverageBackward(dy, dmean.View, s);
        return [y, dx, mean, dmean];
    });

    [Test]
    public void Batch_normalisation() => SameBits((d, o) =>
    {
        var s = new BatchNormShape(5, 7, 333, 1e-5f);
        int length = s.N * s.C * s.HW;
        var (x, dy, weight, bias) = (o.In(Draw.Uniform(new(9), length)).View, o.In(Draw.Uniform(new(10), length)).View, o.In(Draw.Uniform(new(11), s.C)).View, o.In(Draw.Uniform(new(12), s.C)).View);
        var (y, mean, invStd, dx, dw, db) = (o.Out(length), o.Out(s.C), o.Out(s.C), o.Out(length), o.Out(s.C), o.Out(s.C));
        var (runningMean, runningVar) = (o.In(new double[s.C]), o.In(new double[s.C]));
        d.BatchNorm.TrainingForward(x, weight, bias, runningMean.View, runningVar.View, 0.1f, y.View, mean.View, invStd.View, s);
        d.BatchNorm.TrainingBackward(dy, x, weight, mean.View, invStd.View, dx.View, dw.View, db.View, s);
        return [y, mean, invStd, runningMean, runningVar, dx, dw, db];
    });

    [Test]
    public void Resizing() => SameBits((d, o) =>
    {
        var s = new ResizeShape(7, 13, 17, 30, 11);
        var (y, dx) = (o.Out(7 * 30 * 11), o.Out(7 * 13 * 17));
        d.Resize.BilinearForward(o.In(Draw.Uniform(new(13), 7 * 13 * 17)).View, y.View, s);
        d.Resize.BilinearBackward(o.In(Draw.Uniform(new(14), 7 * 30 * 11)).View, dx.View, s);
        return [y, dx];
    });

    void SameBits(Func<Device, Operands, GuardedArray<float>[]> run)
    {
        float[][]? first = null;
        foreach (var device in _devices)
        {
            using var operands = new Operands(device);
            float[][] results = [.. run(device, operands).Select(r => r.Read())];
            first ??= results;
            for (int i = 0; i < results.Length; i++)
            {
                Assert.That(results[i], Has.None.NaN, $"result {i}");
                Assert.That(results[i], Is.EqualTo(first[i]), $"result {i} on {device.Description}");
            }
        }
    }
}
