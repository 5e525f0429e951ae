using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Models;

namespace IlgpuXai.Bench;

/// <summary>Networks of the catalogue with random weights, drawn where they lie: the arithmetic is that of trained ones, and so is the memory.</summary>
static class Untrained
{
    public static ImageClassifier Network(Device device, string name)
    {
        var model = ModelCatalogue.Find(name).Create(Initializer.Unset(device));
        var random = new Random(1);
        foreach (var (key, tensor) in model.State())
        {
            // He's bound for weights; batch norms that do nothing.
            double bound = tensor.Shape.Rank > 1 ? Math.Sqrt(6.0 / (tensor.Shape.Elements / tensor.Shape[0])) : 0;
            float level = tensor.Shape.Rank == 1 && (key.EndsWith("weight", StringComparison.Ordinal) || key.EndsWith("var", StringComparison.Ordinal)) ? 1 : 0;
            device.Write(tensor.View, to =>
            {
                foreach (ref float v in to) v = level + (float)(bound * (2 * random.NextDouble() - 1));
            });
        }
        return PlannedClassifier.Of(model);
    }

    public static Tensor Images(Device device, ImageClassifier network, int count, int size) => new Initializer(device, 2).Uniform([count, network.InputShape[0], size, size], 1);
}
