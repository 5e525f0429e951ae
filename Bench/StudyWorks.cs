using IlgpuXai.Data;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Models;
using IlgpuXai.Xai;

namespace IlgpuXai.Bench;

/// <summary>Generated digits as the study's network takes them.</summary>
static class Digits
{
    public static (float[] Images, int[] Labels) Take(int count)
    {
        var set = GeneratedDigits.Create(count, 1, Data.Split.Train);
        float[] images = new float[count * set.ImageSize];
        set.CopyImages([.. Enumerable.Range(0, count)], images);
        return (images, set.Labels.ToArray());
    }
}

/// <summary>Training steps of the digit study's network with Adam: forward with dropout, loss, gradients, update.</summary>
sealed class TrainingWork : IWork
{
    readonly Device _device;
    readonly MnistCnn _model;
    readonly Adam _optimizer;
    readonly ArrayBatches _batches;

    public TrainingWork(Device device, int images, int batch)
    {
        var (pixels, labels) = Digits.Take(images);
        (_device, _model) = (device, new MnistCnn(new Initializer(device, 1)));
        _optimizer = new Adam(_model.Parameters());
        _batches = new ArrayBatches(pixels, labels, [1, 28, 28], batch, seed: 1);
    }

    public void Run() => new Trainer(_device, _model, _optimizer, new(Epochs: 1, new ConstantRate(1e-3)) { KeepBest = false }).Fit(_batches);

    public void Dispose()
    {
        _optimizer.Dispose();
        _model.Dispose();
    }
}

/// <summary>Occlusion maps of digits, stride 1, with an untrained network: the arithmetic is the same.</summary>
sealed class OcclusionWork : IWork
{
    readonly MnistCnn _model;
    readonly Tensor[] _images;
    readonly int[] _labels;
    readonly Occluder _occluder;

    public OcclusionWork(Device device, int images, int window)
    {
        (float[] pixels, _labels) = Digits.Take(images);
        _model = new MnistCnn(new Initializer(device, 1));
        _images = [.. Enumerable.Range(0, images).Select(i => device.Tensor([1, 1, 28, 28], pixels.AsSpan(i * 784, 784)))];
        _occluder = new Occluder(new Occlusion(window, window, 1, 1, new Baseline.Constant(0f)), _model, device);
    }

    public void Run()
    {
        for (int i = 0; i < _images.Length; i++) _occluder.Explain(_images[i], _labels[i]);
    }

    public void Dispose()
    {
        foreach (var image in _images) image.Dispose();
        _model.Dispose();
    }
}
