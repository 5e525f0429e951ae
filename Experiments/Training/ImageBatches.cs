using IlgpuXai.Data;
using IlgpuXai.Engine;

namespace IlgpuXai.Experiments;

/// <summary>Some images of a set as batches for training; pixels become floats one batch at a time.</summary>
sealed class ImageBatches : IBatches
{
    readonly ImageSet _images;
    readonly int[] _chosen;
    readonly Batches _batches;

    /// <param name="seed">Null keeps the order.</param>
    public ImageBatches(ImageSet images, int[] chosen, int size, ulong? seed = null) => (_images, _chosen, _batches) = (images, chosen, new(chosen.Length, size, seed));

    public int Images => _chosen.Length;
    public int Count => _batches.Count;

    public IEnumerable<Batch> Epoch(int epoch)
    {
        foreach (var order in _batches.Epoch(epoch))
        {
            int[] indices = Array.ConvertAll(order.ToArray(), i => _chosen[i]);
            var (pixels, labels) = (new float[indices.Length * _images.ImageSize], new int[indices.Length]);
            _images.CopyImages(indices, pixels);
            _images.CopyLabels(indices, labels);
            yield return new(pixels, labels);
        }
    }
}
