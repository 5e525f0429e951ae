using System.Runtime.CompilerServices;

namespace IlgpuXai.Data;

/// <summary>One number for each channel of the network's input, in its order.</summary>
public readonly record struct ChannelValues(float First, float Second, float Third)
{
    public ChannelValues(float all) : this(all, all, all) { }

    public float this[int channel] => channel switch { 0 => First, 1 => Second, 2 => Third, _ => throw new ArgumentOutOfRangeException(nameof(channel)) };
}

/// <summary>
/// Bytes to the numbers a network was trained on, value = (byte / Divisor − Mean) / Std, each operation rounded to float32 as torchvision's <c>ToTensor</c> and <c>Normalize</c> and Keras'
/// <c>preprocess_input</c> do. With <paramref name="Bgr"/> the channels come blue first, and Mean and Std are in that order.
/// </summary>
public sealed record Normalisation(float Divisor, ChannelValues Mean, ChannelValues Std, bool Bgr = false)
{
    /// <summary>v / 255, in [0, 1].</summary>
    public static Normalisation Unit { get; } = new(255, new(0), new(1));

    public static Normalisation ImageNet { get; } = new(255, new(0.485f, 0.456f, 0.406f), new(0.229f, 0.224f, 0.225f));

    /// <summary>Keras' mode <c>caffe</c>: blue first, centred, not scaled.</summary>
    public static Normalisation Caffe { get; } = new(1, new(103.939f, 116.779f, 123.68f), new(1), Bgr: true);

    /// <summary>Keras' mode <c>tf</c>: v / 127.5 − 1, in [−1, 1].</summary>
    public static Normalisation SignedUnit { get; } = new(127.5f, new(1), new(1));

    /// <summary>The value of every byte in a channel of the output.</summary>
    public float[] Table(int channel)
    {
        var table = new float[256];
        for (int v = 0; v < table.Length; v++) table[v] = (v / Divisor - Mean[channel]) / Std[channel];
        return table;
    }

    /// <summary>[C, H, W] of an 8-bit picture of 1 or 3 channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float[] Apply(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        int area = image.Width * image.Height, channels = image.Channels;
        var bytes = image.Bytes;
        var planes = new float[area * channels];
        for (int c = 0; c < channels; c++)
        {
            var table = Table(c);
            var plane = planes.AsSpan(c * area, area);
            for (int p = 0, i = Source(c, channels); p < plane.Length; p++, i += channels) plane[p] = table[bytes[i]];
        }
        return planes;
    }

    /// <summary>What a picture with these values looks like: (value·Std + Mean)·Divisor rounded to bytes, clipped, NaN black. The inverse of <see cref="Apply"/>, exactly.</summary>
    /// <param name="planes">[channels, height, width], channels being 1 or 3.</param>
    public Image Invert(ReadOnlySpan<float> planes, int channels, int height, int width)
    {
        int area = width * height;
        if (channels is not (1 or 3) || planes.Length != (long)area * channels) throw new ArgumentException($"preprocessing: {planes.Length} values are no picture [{channels}, {height}, {width}]");
        var samples = new byte[planes.Length];
        for (int c = 0; c < channels; c++)
            for (int p = 0, o = Source(c, channels); p < area; p++, o += channels)
            {
                float v = (planes[c * area + p] * Std[c] + Mean[c]) * Divisor;
                samples[o] = (byte)(v > 0 ? Math.Min(v, 255f) + 0.5f : 0f);
            }
        return new(width, height, channels, samples);
    }

    // Where the channel of the output lies in a pixel.
    int Source(int channel, int channels) => Bgr ? channels - 1 - channel : channel;
}
