namespace IlgpuXai.Engine;

/// <summary>Images [n, C, H, W], row-major, and their n labels.</summary>
public readonly record struct Batch(ReadOnlyMemory<float> Images, ReadOnlyMemory<int> Labels);

/// <summary>Labelled images in batches.</summary>
public interface IBatches
{
    /// <summary>Images per epoch.</summary>
    int Images { get; }

    /// <summary>Batches per epoch.</summary>
    int Count { get; }

    /// <summary>The batches of an epoch. The same epoch is the same batches, whenever asked: an interrupted training goes on from here.</summary>
    IEnumerable<Batch> Epoch(int epoch);
}

/// <summary>Batches from arrays: in order, or shuffled anew each epoch.</summary>
public sealed class ArrayBatches : IBatches
{
    readonly ReadOnlyMemory<float> _images;
    readonly ReadOnlyMemory<int> _labels;
    readonly int _size, _imageSize;
    readonly ulong? _seed;

    /// <param name="seed">Of the shuffles; none keeps the order.</param>
    /// <exception cref="ShapeException">The images are not as many as the labels.</exception>
    public ArrayBatches(ReadOnlyMemory<float> images, ReadOnlyMemory<int> labels, Shape imageShape, int size, ulong? seed = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        if (images.Length != (long)labels.Length * imageShape.Elements) throw new ShapeException($"batches: {labels.Length} labels need {(long)labels.Length * imageShape.Elements} numbers for images {imageShape}, there are {images.Length}");
        (_images, _labels, _size, _imageSize, _seed) = (images, labels, size, imageShape.Elements, seed);
    }

    public int Images => _labels.Length;
    public int Count => (Images + _size - 1) / _size;

    public IEnumerable<Batch> Epoch(int epoch)
    {
        int[] order = [.. Enumerable.Range(0, Images)];
        if (_seed is { } seed) new Generator(seed + (ulong)epoch * 0x632be59bd9b4e019).Shuffle(order.AsSpan());   // an odd step: epochs draw from far apart
        foreach (int[] rows in order.Chunk(_size))
        {
            var (images, labels) = (new float[rows.Length * _imageSize], new int[rows.Length]);
            for (int i = 0; i < rows.Length; i++)
            {
                _images.Span.Slice(rows[i] * _imageSize, _imageSize).CopyTo(images.AsSpan(i * _imageSize));
                labels[i] = _labels.Span[rows[i]];
            }
            yield return new(images, labels);
        }
    }
}
