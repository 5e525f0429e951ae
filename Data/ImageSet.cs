namespace IlgpuXai.Data;

/// <summary>Which half of a data set.</summary>
public enum Split { Train, Test }

/// <summary>
/// Labelled images of one size: pixels [N, C, H, W] in bytes, labels [N] in 0 … classes − 1. Bytes, because a whole training set then fits in a quarter of the memory;
/// <see cref="CopyImages"/> gives the floats of one batch.
/// </summary>
public sealed class ImageSet
{
    readonly byte[] _pixels;
    readonly int[] _labels;

    /// <exception cref="ArgumentException">The lengths do not fit together, or a label names no class.</exception>
    public ImageSet(byte[] pixels, int channels, int height, int width, int[] labels, IReadOnlyList<string> classNames)
    {
        ArgumentNullException.ThrowIfNull(pixels);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(classNames);
        if (channels < 1 || height < 1 || width < 1) throw new ArgumentException($"image set: images of {channels}×{height}×{width} hold no pixel");
        long expected = (long)labels.Length * channels * height * width;
        if (pixels.Length != expected)
            throw new ArgumentException($"image set: {labels.Length} images of {channels}×{height}×{width} need {expected} bytes, got {pixels.Length}");
        for (int i = 0; i < labels.Length; i++)
            if ((uint)labels[i] >= (uint)classNames.Count)
                throw new ArgumentException($"image set: label {labels[i]} of image {i} names no class; there are {classNames.Count}");
        (_pixels, _labels, Channels, Height, Width, ClassNames) = (pixels, labels, channels, height, width, classNames);
    }

    public int Count => _labels.Length;
    public int Channels { get; }
    public int Height { get; }
    public int Width { get; }
    public IReadOnlyList<string> ClassNames { get; }
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>Values of one image, C·H·W.</summary>
    public int ImageSize => Channels * Height * Width;

    /// <summary>The bytes of one image [C, H, W].</summary>
    public ReadOnlySpan<byte> Pixels(int index) => _pixels.AsSpan(index * ImageSize, ImageSize);

    /// <summary>images[i, c, h, w] = byte / 255, in [0, 1], of the images named by <paramref name="indices"/>, in that order.</summary>
    public void CopyImages(ReadOnlySpan<int> indices, Span<float> images)
    {
        if (images.Length != indices.Length * ImageSize)
            throw new ArgumentException($"image set: {indices.Length} images of {ImageSize} values do not fit a span of {images.Length}");
        for (int i = 0; i < indices.Length; i++)
        {
            ReadOnlySpan<byte> from = Pixels(indices[i]);
            Span<float> to = images.Slice(i * ImageSize, ImageSize);
            for (int p = 0; p < to.Length; p++) to[p] = from[p] / 255f;
        }
    }

    public void CopyLabels(ReadOnlySpan<int> indices, Span<int> labels)
    {
        for (int i = 0; i < indices.Length; i++) labels[i] = _labels[indices[i]];
    }

    /// <summary>One image [C, H, W] in [0, 1].</summary>
    public float[] Image(int index)
    {
        var image = new float[ImageSize];
        CopyImages([index], image);
        return image;
    }

    /// <summary>The named images in the named order; an index may repeat.</summary>
    public ImageSet Subset(ReadOnlySpan<int> indices)
    {
        var pixels = new byte[indices.Length * ImageSize];
        var labels = new int[indices.Length];
        for (int i = 0; i < indices.Length; i++) Pixels(indices[i]).CopyTo(pixels.AsSpan(i * ImageSize));
        CopyLabels(indices, labels);
        return new ImageSet(pixels, Channels, Height, Width, labels, ClassNames);
    }

    /// <summary>The images of one class, in ascending order.</summary>
    public int[] IndicesOf(int label)
    {
        var indices = new List<int>();
        for (int i = 0; i < _labels.Length; i++)
            if (_labels[i] == label) indices.Add(i);
        return [.. indices];
    }
}
