using System.Runtime.CompilerServices;

namespace IlgpuXai.Data;

/// <summary>
/// Random versions of pictures for training. The steps of one draw are composed, in their order, to one affine map about the centre and one factor, and the picture is sampled once, bilinearly. A draw
/// depends on the seed, the epoch and the picture's index only, never on threads or on the order in which pictures are asked for.
/// </summary>
public sealed class Augmentation
{
    readonly AugmentationStep[] _steps;

    /// <param name="constant">The value around the picture with <see cref="FillMode.Constant"/>.</param>
    public Augmentation(IEnumerable<AugmentationStep> steps, ulong seed, FillMode fill = FillMode.Nearest, byte constant = 0)
    {
        (_steps, Seed, Fill, Constant) = ([.. steps], seed, fill, constant);
        foreach (var step in _steps) ArgumentNullException.ThrowIfNull(step, nameof(steps));
    }

    public IReadOnlyList<AugmentationStep> Steps => _steps;
    public ulong Seed { get; }
    public FillMode Fill { get; }
    public byte Constant { get; }

    /// <summary>What happens to picture <paramref name="index"/> of this size in this epoch.</summary>
    public Change Draw(int epoch, int index, int width, int height)
    {
        var all = Change.None;
        foreach (var step in _steps)
        {
            var one = step.Draw(new(Seed, step.Stream, (ulong)epoch, (ulong)index), width, height);
            all = new(one.Transform.After(all.Transform), all.Brightness * one.Brightness);
        }
        return all;
    }

    /// <summary>The version of a picture in an epoch, of the same size.</summary>
    public Image Apply(Image image, int epoch, int index)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Resampled(image, Draw(epoch, index, image.Width, image.Height), Fill, Constant);
    }

    /// <summary>
    /// to(p) = round(Brightness · from(Transform⁻¹(p − c) + c)), clipped, with c = ((w − 1)/2, (h − 1)/2) and the value between four pixels by their distance in x and y.
    /// </summary>
    /// <param name="image">8 bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Image Resampled(Image image, Change change, FillMode fill, byte constant = 0)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (change == Change.None) return image;
        int width = image.Width, height = image.Height, channels = image.Channels;
        double cx = (width - 1) / 2.0, cy = (height - 1) / 2.0;
        var back = change.Transform.Inverse();
        var from = image.Bytes;
        var to = new byte[from.Length];
        for (int y = 0, o = 0; y < height; y++)
            for (int x = 0; x < width; x++, o += channels)
            {
                double sx = Bounded(back.XX * (x - cx) + back.XY * (y - cy) + back.X + cx), sy = Bounded(back.YX * (x - cx) + back.YY * (y - cy) + back.Y + cy);
                int left = (int)Math.Floor(sx), top = (int)Math.Floor(sy);
                double fx = sx - left, fy = sy - top;
                int x0 = fill.Source(left, width), x1 = fill.Source(left + 1, width), y0 = fill.Source(top, height), y1 = fill.Source(top + 1, height);
                for (int c = 0; c < channels; c++)
                {
                    double upper = (1 - fx) * Value(from, x0, y0, c) + fx * Value(from, x1, y0, c), lower = (1 - fx) * Value(from, x0, y1, c) + fx * Value(from, x1, y1, c);
                    to[o + c] = (byte)(Math.Min(((1 - fy) * upper + fy * lower) * change.Brightness, 255) + 0.5);
                }
            }
        return new(width, height, channels, to);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        byte Value(ReadOnlySpan<byte> bytes, int px, int py, int c) => px < 0 || py < 0 ? constant : bytes[(py * width + px) * channels + c];

        // A strong reduction can reach beyond what an int holds; nothing there is nearer than the edge.
        static double Bounded(double v) => Math.Clamp(v, -1e9, 1e9);
    }
}
