using System.Globalization;

namespace IlgpuXai.Xai;

/// <summary>How an image is cut into segments that are covered as one.</summary>
public abstract record Segments
{
    Segments() { }

    /// <summary>Side × Side rectangles, as equal as whole pixels allow.</summary>
    public sealed record Grid(int Side) : Segments
    {
        public override string ToString() => $"grid:{Side}";
        public override bool Fit(int height, int width) => Side >= 1 && Side <= Math.Min(height, width);

        private protected override int[] Of(float[] image, int channels, int height, int width)
        {
            var labels = new int[height * width];
            for (int p = 0; p < labels.Length; p++) labels[p] = p / width * Side / height * Side + p % width * Side / width;
            return labels;
        }
    }

    /// <summary>About <paramref name="Count"/> superpixels of like colour: <see cref="SuperPixels"/>.</summary>
    /// <param name="Compactness">A distance of one grid step counts as much as a difference in colour of so many standard deviations of the image.</param>
    public sealed record Slic(int Count, double Compactness = 0.5) : Segments
    {
        public override string ToString() => Compactness == 0.5 ? $"slic:{Count}" : string.Create(CultureInfo.InvariantCulture, $"slic:{Count}:{Compactness:r}");

        public override bool Fit(int height, int width) => Count >= 1 && Count <= height * width;

        private protected override int[] Of(float[] image, int channels, int height, int width) => new SuperPixels(image, channels, height, width, Count, Compactness).Labels();
    }

    /// <summary>The segment of each pixel, [H, W]; segments are numbered from 0 in the order of their first pixels, without gaps.</summary>
    /// <param name="image">[C, H, W].</param>
    public int[] For(float[] image, int channels, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Length != channels * height * width) throw new ArgumentException($"segments: {image.Length} values are not an image of {channels}×{height}×{width}");
        if (!Fit(height, width)) throw new ArgumentException($"segments '{this}' do not fit images of {height}×{width}");
        return Of(image, channels, height, width);
    }

    /// <summary>Whether an image of this size has enough pixels.</summary>
    public abstract bool Fit(int height, int width);

    private protected abstract int[] Of(float[] image, int channels, int height, int width);

    /// <summary><c>grid:SIDE</c>, <c>slic:COUNT</c> or <c>slic:COUNT:COMPACTNESS</c>: what <see cref="object.ToString"/> writes.</summary>
    /// <exception cref="FormatException">None of these.</exception>
    public static Segments Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(':');
        if (parts.Length is 2 or 3 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0)
        {
            if (parts is ["grid", _]) return new Grid(number);
            if (parts is ["slic", _]) return new Slic(number);
            if (parts is ["slic", _, var c] && double.TryParse(c, NumberStyles.Float, CultureInfo.InvariantCulture, out double compactness) && compactness is > 0 and < 1e6) return new Slic(number, compactness);
        }
        throw new FormatException($"segments '{text}' are none of: grid:SIDE, slic:COUNT, slic:COUNT:COMPACTNESS");
    }
}
