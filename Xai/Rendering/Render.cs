namespace IlgpuXai.Xai;

/// <summary>From numbers to pictures. Nothing here changes a map.</summary>
public static class Render
{
    /// <summary>Each pixel in the colour of its value.</summary>
    public static Picture HeatMap(Map map, ColourMap colours, ColourScale scale)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(colours);
        return Pixels(map.Width, map.Height, (x, y) => colours[scale.Position(map[y, x])]);
    }

    /// <summary>A grey (1 channel) or coloured (3 channels) image [C, H, W] with values in [0, 1]; values outside are cut.</summary>
    public static Picture Image(ReadOnlySpan<float> image, int channels, int height, int width)
    {
        if (channels is not (1 or 3) || image.Length != channels * height * width)
            throw new ArgumentException($"picture: {image.Length} values are not an image of {channels}×{height}×{width} with 1 or 3 channels");
        var picture = new Picture(width, height);
        int plane = height * width, second = channels == 3 ? plane : 0;
        for (int i = 0; i < plane; i++)
            picture[i % width, i / width] = new(Byte(image[i]), Byte(image[i + second]), Byte(image[i + 2 * second]));
        return picture;
    }

    /// <summary>(1 − a)·image + a·colour per pixel, the image in grey so that hue belongs to the map alone.</summary>
    /// <remarks>a = alpha for maps from dark to light; for diverging ones a = alpha·min(1, |2t − 1|), so that zero leaves the image as it is.</remarks>
    /// <param name="image">Of the map's size.</param>
    /// <param name="alpha">Weight of the map, in [0, 1].</param>
    public static Picture Overlay(Picture image, Map map, ColourMap colours, ColourScale scale, double alpha)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(colours);
        if (image.Width != map.Width || image.Height != map.Height)
            throw new ArgumentException($"overlay: a map of {map.Width}×{map.Height} on a picture of {image.Width}×{image.Height}");
        if (alpha is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(alpha), $"overlay: alpha {alpha} is not in [0, 1]");
        return Pixels(image.Width, image.Height, (x, y) =>
        {
            double t = scale.Position(map[y, x]), weight = colours.IsDiverging && !double.IsNaN(t) ? alpha * Math.Min(1, Math.Abs(2 * t - 1)) : alpha;
            return Rgb.Mix(Grey(image[x, y]), colours[t], weight);
        });
    }

    /// <summary>A map in another size, to lie over a picture: straight lines between the centres of its pixels, repeated beyond the outer ones (PyTorch's <c>interpolate</c>, align_corners = false).</summary>
    public static Map Stretch(Map map, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (map.Height == height && map.Width == width) return map;
        var values = new float[height * width];
        for (int y = 0; y < height; y++)
        {
            var (top, bottom, below) = Between(y, height, map.Height);
            for (int x = 0; x < width; x++)
            {
                var (left, right, beside) = Between(x, width, map.Width);
                values[y * width + x] = float.Lerp(float.Lerp(map[top, left], map[top, right], beside), float.Lerp(map[bottom, left], map[bottom, right], beside), below);
            }
        }
        return new(height, width, values);

        static (int, int, float) Between(int at, int to, int from)
        {
            double place = Math.Clamp((at + 0.5) * from / to - 0.5, 0, from - 1);
            int low = (int)place;
            return (low, Math.Min(low + 1, from - 1), (float)(place - low));
        }
    }

    /// <summary>Each pixel as a square of <paramref name="factor"/>² pixels: values stay readable as values.</summary>
    public static Picture Enlarge(Picture picture, int factor)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentOutOfRangeException.ThrowIfLessThan(factor, 1);
        return Pixels(picture.Width * factor, picture.Height * factor, (x, y) => picture[x / factor, y / factor]);
    }

    /// <summary>Pictures of one height side by side with <paramref name="gap"/> pixels of <paramref name="background"/> between them.</summary>
    public static Picture Row(IReadOnlyList<Picture> pictures, int gap, Rgb background)
    {
        ArgumentNullException.ThrowIfNull(pictures);
        if (pictures.Count == 0 || pictures.Any(p => p.Height != pictures[0].Height)) throw new ArgumentException("row: needs pictures of one height");
        var row = Pixels(pictures.Sum(p => p.Width) + gap * (pictures.Count - 1), pictures[0].Height, (_, _) => background);
        int left = 0;
        foreach (var picture in pictures)
        {
            for (int y = 0; y < picture.Height; y++)
                for (int x = 0; x < picture.Width; x++) row[left + x, y] = picture[x, y];
            left += picture.Width + gap;
        }
        return row;
    }

    static Picture Pixels(int width, int height, Func<int, int, Rgb> colour)
    {
        var picture = new Picture(width, height);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++) picture[x, y] = colour(x, y);
        return picture;
    }

    // Luma of Rec. 709 on the encoded values: what a monitor's own grey conversion shows.
    static Rgb Grey(Rgb c)
    {
        byte y = (byte)Math.Round(0.2126 * c.R + 0.7152 * c.G + 0.0722 * c.B);
        return new(y, y, y);
    }

    static byte Byte(float v) => (byte)Math.Round(Math.Clamp(float.IsNaN(v) ? 0f : v, 0f, 1f) * 255);
}
