using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Models;

namespace IlgpuXai.Bench;

/// <summary>Scores of a batch of images by a network of the catalogue, untrained, on plans: the arithmetic is the same.</summary>
sealed class ForwardWork : IWork
{
    readonly ImageClassifier _model;
    readonly Tensor _images;

    public ForwardWork(Device device, string model, int images, int size)
    {
        _model = PlannedClassifier.Of(ModelCatalogue.Find(model).Create(new Initializer(device, 1)));
        _images = new Initializer(device, 2).Uniform([images, _model.InputShape[0], size, size], 1);
    }

    public void Run() => _model.Forward(_images).Dispose();

    public void Dispose()
    {
        _images.Dispose();
        _model.Dispose();
    }
}
