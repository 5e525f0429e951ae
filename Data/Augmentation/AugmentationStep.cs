namespace IlgpuXai.Data;

/// <summary>What happens to a picture once: where its points go, seen from its centre, and by what its values are multiplied.</summary>
public readonly record struct Change(Affine Transform, double Brightness)
{
    public static Change None { get; } = new(Affine.Identity, 1);
}

/// <summary>One kind of random change. The words and the distributions are those of Keras' <c>ImageDataGenerator</c>.</summary>
public abstract record AugmentationStep
{
    /// <summary>Names the step's own random numbers, so that adding a step leaves the draws of the others as they are.</summary>
    internal abstract ulong Stream { get; }

    /// <summary>One draw for a picture of this size.</summary>
    internal abstract Change Draw(SeededRandom random, int width, int height);

    private protected static Change Move(Affine transform) => new(transform, 1);

    private protected static void Require(bool allowed, string what)
    {
        if (!allowed) throw new ArgumentException($"augmentation: {what}");
    }
}

/// <summary>About the centre by an angle in [−Degrees, Degrees], clockwise as seen.</summary>
public sealed record Rotation : AugmentationStep
{
    public Rotation(double degrees)
    {
        Require(degrees is >= 0 and <= 180, $"a rotation by up to {degrees}°, 0 to 180 were expected");
        Degrees = degrees;
    }

    public double Degrees { get; }
    internal override ulong Stream => 1;

    internal override Change Draw(SeededRandom random, int width, int height)
    {
        var (sin, cos) = Math.SinCos(random.Between(-Degrees, Degrees) * (Math.PI / 180));
        return Move(new(cos, -sin, 0, sin, cos, 0));
    }
}

/// <summary>To the side and up or down by a part of the width and of the height, each up to <see cref="Fraction"/>.</summary>
public sealed record Shift : AugmentationStep
{
    public Shift(double fraction)
    {
        Require(fraction is >= 0 and <= 1, $"a shift by up to {fraction} of the picture, 0 to 1 were expected");
        Fraction = fraction;
    }

    public double Fraction { get; }
    internal override ulong Stream => 2;
    internal override Change Draw(SeededRandom random, int width, int height) =>
        Move(new(1, 0, random.Between(-Fraction, Fraction) * width, 0, 1, random.Between(-Fraction, Fraction) * height));
}

/// <summary>Rows slide over each other: the vertical edges lean by an angle in [−Degrees, Degrees].</summary>
public sealed record Shear : AugmentationStep
{
    public Shear(double degrees)
    {
        Require(degrees is >= 0 and < 90, $"a shear by up to {degrees}°, 0 to below 90 were expected");
        Degrees = degrees;
    }

    public double Degrees { get; }
    internal override ulong Stream => 3;
    internal override Change Draw(SeededRandom random, int width, int height) => Move(new(1, Math.Tan(random.Between(-Degrees, Degrees) * (Math.PI / 180)), 0, 0, 1, 0));
}

/// <summary>Width and height enlarged by factors of their own in [Low, High].</summary>
public sealed record Zoom : AugmentationStep
{
    public Zoom(double low, double high)
    {
        Require(low > 0 && high >= low && double.IsFinite(high), $"a zoom from {low} to {high}, two factors above 0 in ascending order were expected");
        (Low, High) = (low, high);
    }

    public double Low { get; }
    public double High { get; }
    internal override ulong Stream => 4;
    internal override Change Draw(SeededRandom random, int width, int height) => Move(new(random.Between(Low, High), 0, 0, 0, random.Between(Low, High), 0));
}

/// <summary>Left and right exchanged, every second time.</summary>
public sealed record HorizontalFlip : AugmentationStep
{
    internal override ulong Stream => 5;
    internal override Change Draw(SeededRandom random, int width, int height) => random.Below(2) == 0 ? Change.None : Move(Affine.Identity with { XX = -1 });
}

/// <summary>Top and bottom exchanged, every second time.</summary>
public sealed record VerticalFlip : AugmentationStep
{
    internal override ulong Stream => 6;
    internal override Change Draw(SeededRandom random, int width, int height) => random.Below(2) == 0 ? Change.None : Move(Affine.Identity with { YY = -1 });
}

/// <summary>Every value multiplied by one factor in [Low, High].</summary>
public sealed record Brightness : AugmentationStep
{
    public Brightness(double low, double high)
    {
        Require(low >= 0 && high >= low && double.IsFinite(high), $"a brightness from {low} to {high}, two factors from 0 on in ascending order were expected");
        (Low, High) = (low, high);
    }

    public double Low { get; }
    public double High { get; }
    internal override ulong Stream => 7;
    internal override Change Draw(SeededRandom random, int width, int height) => Change.None with { Brightness = random.Between(Low, High) };
}
