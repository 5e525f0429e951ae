using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Xai;

/// <summary>What class activation maps share: the layer that they weight.</summary>
static class CamLayer
{
    /// <summary>Results [1, K, h, w] of a layer for one image; of the last spatial one where <paramref name="layer"/> is null.</summary>
    /// <exception cref="UnknownLayerException">The classifier has no such layer.</exception>
    public static Tensor Activations(string method, ImageClassifier f, Tensor x, string? layer)
    {
        if (layer is null) return f.Features(x);
        var seen = new Activations(f, layer);
        f.Forward(x, Pass.Watching(seen));
        return Spatial(method, seen[layer], layer).Detach();
    }

    /// <summary>Refuses what is no map.</summary>
    public static Tensor Spatial(string method, Tensor a, string? layer) =>
        a.Shape.Rank == 4 ? a : throw new ShapeException($"{method}: layer '{layer}' gives {a.Shape}; one that gives [N, K, h, w] was expected");

    /// <summary>Σₖ weights[k]·Aₖ of one image, without its negative part unless <paramref name="signed"/>.</summary>
    public static Map Weighted(Tensor a, float[] weights, bool signed) => Weighted(a, a.Device.Tensor([1, weights.Length, 1, 1], weights), signed)[0];

    /// <summary>The same of each image: a [N, K, h, w].</summary>
    /// <param name="weights">[N, K, 1, 1].</param>
    public static Map[] Weighted(Tensor a, Tensor weights, bool signed)
    {
        var maps = (weights * a).Sum([1]);
        return [.. (signed ? maps : maps.Relu()).ToArray().Chunk(a.Shape[2] * a.Shape[3]).Select(map => new Map(a.Shape[2], a.Shape[3], map))];
    }
}
