using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Bench;

/// <summary>Scores of a batch of images by a network of the catalogue, untrained, on plans: the arithmetic is the same.</summary>
sealed class ForwardWork : IWork
{
    readonly ImageClassifier _model;
    readonly Tensor _images;

    public ForwardWork(Device device, string model, int images, int size)
    {
        _model = Untrained.Network(device, model);
        _images = Untrained.Images(device, _model, images, size);
    }

    public void Run() => _model.Forward(_images).Dispose();

    public void Dispose()
    {
        _images.Dispose();
        _model.Dispose();
    }
}
