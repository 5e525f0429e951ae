namespace IlgpuXai.Data;

/// <summary>Which size a picture gets before it is cropped.</summary>
public abstract record ResizeRule
{
    /// <summary>The size of a picture of <paramref name="width"/>×<paramref name="height"/> afterwards.</summary>
    public abstract (int Width, int Height) SizeOf(int width, int height);
}

/// <summary>The shorter side becomes <paramref name="Pixels"/>, the other keeps the proportion, rounded down as torchvision does: ⌊Pixels · long / short⌋.</summary>
public sealed record ShortSide(int Pixels) : ResizeRule
{
    public override (int Width, int Height) SizeOf(int width, int height)
    {
        double other = (double)((long)Pixels * Math.Max(width, height)) / Math.Min(width, height);
        int far = (int)Math.Min(other, int.MaxValue);
        return width <= height ? (Pixels, far) : (far, Pixels);
    }
}

/// <summary>Both sides, whatever the proportion.</summary>
public sealed record ExactSize(int Width, int Height) : ResizeRule
{
    public override (int Width, int Height) SizeOf(int width, int height) => (Width, Height);
}

/// <summary>
/// The middle of a picture by torchvision's rule: it begins at round((size − crop) / 2), halves to even. Where the picture is smaller, black is added on both sides, the odd pixel behind.
/// </summary>
public sealed record CentreCrop(int Width, int Height)
{
    public CentreCrop(int side) : this(side, side) { }

    /// <summary>Where the crop begins in a picture of this size; negative where black is added.</summary>
    internal (int Left, int Top) In(int width, int height) => (Begin(width, Width), Begin(height, Height));

    static int Begin(int size, int crop) => crop > size ? -((crop - size) / 2) : (int)Math.Round((size - crop) / 2.0, MidpointRounding.ToEven);
}
