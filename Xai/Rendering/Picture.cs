using IlgpuXai.Data;

namespace IlgpuXai.Xai;

/// <summary>A picture for people: RGB bytes, row-major, rows from the top.</summary>
public sealed class Picture
{
    readonly byte[] _bytes;

    public Picture(int width, int height)
    {
        if (width < 1 || height < 1) throw new ArgumentException($"picture: {width}×{height} holds no pixel");
        (Width, Height, _bytes) = (width, height, new byte[width * height * 3]);
    }

    public int Width { get; }
    public int Height { get; }

    /// <summary>R G B of every pixel, row after row.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    public Rgb this[int x, int y]
    {
        get
        {
            int i = Offset(x, y);
            return new(_bytes[i], _bytes[i + 1], _bytes[i + 2]);
        }
        set
        {
            int i = Offset(x, y);
            (_bytes[i], _bytes[i + 1], _bytes[i + 2]) = (value.R, value.G, value.B);
        }
    }

    /// <summary>For a file: 8 bits, 3 channels.</summary>
    public Image ToImage() => new(Width, Height, 3, [.. _bytes]);

    int Offset(int x, int y)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)x, (uint)Width, nameof(x));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
        return (y * Width + x) * 3;
    }
}
