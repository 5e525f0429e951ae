namespace IlgpuXai.Data;

/// <summary>
/// A picture in memory: samples interleaved [H, W, C], each 8 or 16 bits, with C = 1 grey, 2 grey and alpha, 3 red green blue, 4 red green blue alpha. Alpha is not multiplied in.
/// </summary>
public sealed class Image
{
    readonly byte[]? _bytes;
    readonly ushort[]? _words;

    /// <exception cref="ArgumentException">No pixel, other than 1–4 channels, or a length other than width·height·channels.</exception>
    public Image(int width, int height, int channels, byte[] samples) : this(width, height, channels, samples?.Length ?? 0) => _bytes = samples;

    /// <inheritdoc cref="Image(int, int, int, byte[])"/>
    public Image(int width, int height, int channels, ushort[] samples) : this(width, height, channels, samples?.Length ?? 0) => _words = samples;

    Image(int width, int height, int channels, int length)
    {
        if (width < 1 || height < 1 || channels is < 1 or > 4) throw new ArgumentException($"image: {width}×{height} with {channels} channels is not a picture");
        if (length != (long)width * height * channels)
            throw new ArgumentException($"image: {width}×{height} with {channels} channels needs {(long)width * height * channels} samples, got {length}");
        (Width, Height, Channels) = (width, height, channels);
    }

    public int Width { get; }
    public int Height { get; }
    public int Channels { get; }

    /// <summary>8 or 16.</summary>
    public int BitDepth => _bytes is null ? 16 : 8;

    /// <summary>The samples of an 8-bit image.</summary>
    /// <exception cref="InvalidOperationException">The image has 16 bits; <see cref="To8Bit"/> rounds it.</exception>
    public ReadOnlySpan<byte> Bytes => _bytes ?? throw new InvalidOperationException("image: the samples have 16 bits, not 8");

    /// <summary>The samples of a 16-bit image.</summary>
    public ReadOnlySpan<ushort> Words => _words ?? throw new InvalidOperationException("image: the samples have 8 bits, not 16");

    /// <summary>round(255·v / 65535) per sample; the image itself when it has 8 bits.</summary>
    public Image To8Bit() => _words is null ? this : new Image(Width, Height, Channels, Array.ConvertAll(_words, v => (byte)((v * 255 + 32767) / 65535)));

    /// <summary>[C, H, W] in [0, 1]: samples divided by 255 or 65535.</summary>
    public float[] ToPlanes()
    {
        int area = Width * Height;
        var planes = new float[area * Channels];
        for (int p = 0; p < area; p++)
            for (int c = 0; c < Channels; c++)
            {
                int i = p * Channels + c;
                planes[c * area + p] = _bytes is not null ? _bytes[i] / 255f : _words![i] / 65535f;
            }
        return planes;
    }

    /// <summary>An 8-bit image from planes [C, H, W]: round(255·v), values outside [0, 1] clipped, NaN black.</summary>
    public static Image FromPlanes(ReadOnlySpan<float> planes, int channels, int height, int width)
    {
        int area = width * height;
        if (planes.Length != area * channels) throw new ArgumentException($"image: [{channels}, {height}, {width}] needs {area * channels} values, got {planes.Length}");
        var samples = new byte[planes.Length];
        for (int p = 0; p < area; p++)
            for (int c = 0; c < channels; c++)
            {
                float v = planes[c * area + p];
                samples[p * channels + c] = (byte)(v > 0 ? Math.Min(v, 1f) * 255f + 0.5f : 0f);
            }
        return new Image(width, height, channels, samples);
    }
}
