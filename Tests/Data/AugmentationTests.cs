using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class AugmentationTests
{
    static readonly IReadOnlyDictionary<string, NpyArray> s_goldens = Npz.Read(DataGoldens.File("preprocessing.npz"));

    static readonly AugmentationStep[] s_all = [new HorizontalFlip(), new VerticalFlip(), new Zoom(0.7, 1.4), new Shear(15), new Rotation(40), new Shift(0.2), new Brightness(0.5, 1.6)];

    /// <summary>Every step on its own, in its order: where a point comes from, last step first; the value between four pixels by products of distances.</summary>
    static byte Defined(Image x, int px, int py, int c, IEnumerable<Affine> steps, double brightness, FillMode fill, byte constant)
    {
        double cx = (x.Width - 1) / 2.0, cy = (x.Height - 1) / 2.0, u = px - cx, v = py - cy;
        foreach (var s in steps.Reverse())
        {
            // Cramer's rule for s(u', v') = (u, v).
            double d = s.XX * s.YY - s.XY * s.YX, a = u - s.X, b = v - s.Y;
            (u, v) = ((a * s.YY - b * s.XY) / d, (b * s.XX - a * s.YX) / d);
        }
        double sx = u + cx, sy = v + cy, sum = 0;
        for (int j = (int)Math.Floor(sy); j <= Math.Floor(sy) + 1; j++)
            for (int i = (int)Math.Floor(sx); i <= Math.Floor(sx) + 1; i++)
                sum += (1 - Math.Abs(sx - i)) * (1 - Math.Abs(sy - j)) * At(i, j);
        return (byte)Math.Min(255, Math.Floor(sum * brightness + 0.5));

        double At(int i, int j)
        {
            bool inside = i >= 0 && j >= 0 && i < x.Width && j < x.Height;
            if (!inside && fill == FillMode.Constant) return constant;
            return x.Bytes[(Into(j, x.Height) * x.Width + Into(i, x.Width)) * x.Channels + c];
        }

        int Into(int i, int n)
        {
            if (fill == FillMode.Nearest) return Math.Clamp(i, 0, n - 1);
            while (i < 0 || i >= n) i = fill == FillMode.Wrap ? (i < 0 ? i + n : i - n) : i < 0 ? -1 - i : 2 * n - 1 - i;
            return i;
        }
    }

    [Test]
    public void One_sampling_agrees_with_the_steps_one_by_one([Values] FillMode fill, [Values(1, 3)] int channels)
    {
        var x = Noise.Picture(19, 14, channels);
        var augmentation = new Augmentation(s_all, 5, fill, 77);
        int differences = 0, changed = 0;
        for (int index = 0; index < 12; index++)
        {
            var steps = s_all.Select(s => new Augmentation([s], 5).Draw(2, index, x.Width, x.Height)).ToList();
            var actual = augmentation.Apply(x, 2, index);
            for (int i = 0; i < x.Bytes.Length; i++)
            {
                byte expected = Defined(x, i / channels % 19, i / channels / 19, i % channels, steps.Select(s => s.Transform), steps.Aggregate(1.0, (b, s) => b * s.Brightness), fill, 77);
                int difference = Math.Abs(expected - actual.Bytes[i]);
                Assert.That(difference, Is.LessThanOrEqualTo(1), $"picture {index}, value {i}");
                differences += difference;
                changed += actual.Bytes[i] != x.Bytes[i] ? 1 : 0;
            }
        }
        Assert.That(differences, Is.LessThanOrEqualTo(2), "only an exact half may go either way");
        Assert.That(changed, Is.GreaterThan(10 * x.Bytes.Length));
    }

    [TestCase(FillMode.Nearest), TestCase(FillMode.Constant), TestCase(FillMode.Reflect), TestCase(FillMode.Wrap)]
    public void An_affine_map_is_SciPys(FillMode fill)
    {
        // The golden's matrix maps the output's rows and columns to the input's; a change maps the other way, columns first.
        double t = 27 * Math.PI / 180;
        var back = new Affine(0.8 * Math.Cos(t), -1.3 * Math.Sin(t), -3.7, 0.9 * Math.Sin(t), 1.1 * Math.Cos(t), 2.3);
        var golden = s_goldens[$"affine {fill.ToString().ToLowerInvariant()}"];
        var actual = Augmentation.Resampled(Noise.Picture(17, 13, 1), new(back.Inverse(), 1), fill, 200);
        Assert.That(golden.Shape, Is.EqualTo((int[])[actual.Height, actual.Width]));
        Close.Check(golden.ToDoubles(), Array.ConvertAll(actual.Bytes.ToArray(), b => (float)b), 0, 0.5 + 1e-9, "SciPy");
    }

    [Test]
    public void A_draw_depends_on_seed_epoch_and_index_only()
    {
        var augmentation = new Augmentation(s_all, 9);
        var draws = Enumerable.Range(0, 60).AsParallel().AsOrdered().Select(i => augmentation.Draw(i / 10, i % 10, 30, 20)).ToList();
        for (int i = 59; i >= 0; i--) Assert.That(augmentation.Draw(i / 10, i % 10, 30, 20), Is.EqualTo(draws[i]));
        Assert.That(draws.Distinct().Count(), Is.EqualTo(60));
        Assert.That(new Augmentation(s_all, 10).Draw(0, 0, 30, 20), Is.Not.EqualTo(draws[0]));
    }

    [Test]
    public void A_further_step_leaves_the_draws_of_the_others()
    {
        var alone = new Augmentation([new Rotation(30)], 4).Draw(1, 2, 10, 10);
        Assert.That(new Augmentation([new Brightness(0.5, 0.6), new Rotation(30)], 4).Draw(1, 2, 10, 10).Transform, Is.EqualTo(alone.Transform));
    }

    [Test]
    public void Draws_stay_in_their_range_and_use_it()
    {
        var draws = Enumerable.Range(0, 400).Select(i => new Augmentation([new Shift(0.25)], 1).Draw(0, i, 40, 20).Transform).ToList();
        Assert.That(draws.Max(d => Math.Abs(d.X)), Is.InRange(9.5, 10));
        Assert.That(draws.Max(d => Math.Abs(d.Y)), Is.InRange(4.75, 5));
        var angles = Enumerable.Range(0, 400).Select(i => new Augmentation([new Rotation(20)], 1).Draw(0, i, 40, 20).Transform).Select(d => Math.Atan2(d.YX, d.XX) * 180 / Math.PI).ToList();
        Assert.That((angles.Min(), angles.Max()), Is.EqualTo((-20.0, 20.0)).Using<(double, double)>((a, b) => Math.Abs(a.Item1 - b.Item1) < 0.5 && Math.Abs(a.Item2 - b.Item2) < 0.5));
        Assert.That(Enumerable.Range(0, 400).Count(i => new Augmentation([new HorizontalFlip()], 1).Draw(0, i, 40, 20) != Change.None), Is.InRange(160, 240));
    }

    [Test]
    public void A_flip_is_exact_and_nothing_is_nothing()
    {
        var x = Noise.Picture(8, 5, 3);
        var flipped = Augmentation.Resampled(x, new(Affine.Identity with { XX = -1 }, 1), FillMode.Constant);
        for (int i = 0; i < x.Bytes.Length; i++) Assert.That(flipped.Bytes[i], Is.EqualTo(x.Bytes[(i / 24 * 8 + 7 - i / 3 % 8) * 3 + i % 3]));
        Assert.That(new Augmentation([], 3).Apply(x, 1, 1), Is.SameAs(x));
    }

    [Test]
    public void A_rotation_is_clockwise_and_a_zoom_enlarges()
    {
        byte[] corner = new byte[25];
        corner[0] = 200;
        var turned = Augmentation.Resampled(new(5, 5, 1, corner), new(new(0, -1, 0, 1, 0, 0), 1), FillMode.Constant);
        Assert.That(turned.Bytes[4], Is.EqualTo(200), "upper left to upper right by a quarter turn");
        var enlarged = Augmentation.Resampled(new(5, 5, 1, [.. Enumerable.Range(0, 25).Select(i => (byte)(i == 12 ? 200 : 0))]), new(new(2, 0, 0, 0, 2, 0), 1), FillMode.Constant);
        Assert.That(enlarged.Bytes[11], Is.EqualTo(100));
    }

    [Test]
    public void What_cannot_be_drawn_is_refused()
    {
        Assert.That(() => new Rotation(181), Throws.ArgumentException.With.Message.EqualTo("augmentation: a rotation by up to 181°, 0 to 180 were expected"));
        Assert.That(() => new Shift(double.NaN), Throws.ArgumentException);
        Assert.That(() => new Shear(90), Throws.ArgumentException);
        Assert.That(() => new Zoom(0, 1), Throws.ArgumentException);
        Assert.That(() => new Zoom(1.2, 1.1), Throws.ArgumentException);
        Assert.That(() => new Brightness(-0.1, 1), Throws.ArgumentException);
        Assert.That(() => new Affine(1, 1, 0, 1, 1, 0).Inverse(), Throws.ArgumentException.With.Message.EqualTo("augmentation: the transform flattens the picture"));
    }

    [Test]
    public void A_sheet_holds_originals_and_versions()
    {
        Image Plain(byte v, int width) => new(width, 6, 1, [.. Enumerable.Repeat(v, width * 6)]);
        var sheet = ContactSheet.Of([(Plain(10, 5), [Plain(20, 5), Plain(30, 5), Plain(40, 5)]), (Plain(50, 3), [])], 2);
        Assert.That((sheet.Width, sheet.Height, sheet.Channels), Is.EqualTo((16 + 5 + 2 * 9, 4 + 3 * 10, 3)));
        byte At(int x, int y) => sheet.Bytes[(y * sheet.Width + x) * 3 + 1];
        Assert.That(new[] { At(4, 4), At(8, 9), At(21, 4), At(30, 9), At(21, 14), At(30, 14), At(4, 24), At(7, 24), At(0, 0), At(10, 4) }, Is.EqualTo(new byte[] { 10, 10, 20, 30, 40, 255, 50, 255, 255, 255 }));
    }
}
