using IlgpuXai.Xai;
using NUnit.Framework;

namespace IlgpuXai.Tests;

sealed class SegmentsTests
{
    [TestCase("grid:3"), TestCase("slic:40"), TestCase("slic:40:0.25")]
    public void The_text_of_segments_is_read_back(string text) => Assert.That(Segments.Parse(text).ToString(), Is.EqualTo(text));

    [TestCase("grid"), TestCase("grid:0"), TestCase("grid:2:3"), TestCase("slic:x"), TestCase("slic:9:0"), TestCase("slic:9:NaN"), TestCase("9"), TestCase("")]
    public void Other_texts_are_refused(string text) =>
        Assert.That(() => Segments.Parse(text), Throws.TypeOf<FormatException>().With.Message.EqualTo($"segments '{text}' are none of: grid:SIDE, slic:COUNT, slic:COUNT:COMPACTNESS"));

    [Test]
    public void A_grid_cuts_evenly()
    {
        int[] labels = new Segments.Grid(3).For(new float[2 * 7 * 6], 2, 7, 6);
        Assert.That(labels.Take(6), Is.EqualTo((int[])[0, 0, 1, 1, 2, 2]));
        Assert.That(Enumerable.Range(0, 7).Select(y => labels[y * 6] / 3), Is.EqualTo((int[])[0, 0, 0, 1, 1, 2, 2]));
        Assert.That(() => new Segments.Grid(7).For(new float[42], 1, 7, 6), Throws.ArgumentException.With.Message.EqualTo("segments 'grid:7' do not fit images of 7×6"));
    }

    [TestCase(3, 40, 50, 20), TestCase(1, 33, 21, 7), TestCase(2, 16, 16, 256), TestCase(3, 9, 11, 1), TestCase(1, 1, 1, 1), TestCase(1, 2, 30, 5)]
    public void Superpixels_are_connected_and_numbered_in_reading_order(int channels, int height, int width, int count)
    {
        float[] image = Draw.Floats(Draw.Uniform(new Random(count), channels * height * width));
        int[] labels = new Segments.Slic(count).For(image, channels, height, width);
        Assert.That(labels, Has.Length.EqualTo(height * width));
        int[] firsts = [.. labels.Distinct()];
        Assert.That(firsts, Is.EqualTo(Enumerable.Range(0, firsts.Length)));
        Assert.That(Parts(labels, width), Is.EqualTo(firsts.Length), "as many connected parts as segments");
        Assert.That(new Segments.Slic(count).For(image, channels, height, width), Is.EqualTo(labels));
    }

    [Test]
    public void Superpixels_of_noise_are_about_as_many_as_asked_and_small_scraps_are_gone()
    {
        float[] image = Draw.Floats(Draw.Uniform(new Random(1), 3 * 96 * 96));
        int[] labels = new Segments.Slic(36, Compactness: 3).For(image, 3, 96, 96), sizes = [.. labels.CountBy(l => l).Select(p => p.Value)];
        Assert.That(sizes, Has.Length.InRange(20, 45));
        Assert.That(sizes.Order().Skip(1).First(), Is.GreaterThanOrEqualTo(96 * 96 / 36 / 4), "all but the one in the corner, which has no neighbour before it");
    }

    [Test]
    public void Superpixels_keep_to_edges()
    {
        const int side = 48;
        var image = new float[side * side];
        for (int p = 0; p < image.Length; p++) image[p] = p % side < 19 ? 0 : 1;             // an edge that no grid line meets
        int[] labels = new Segments.Slic(16).For(image, 1, side, side);
        for (int label = 0; label <= labels.Max(); label++)
            Assert.That(Enumerable.Range(0, image.Length).Where(p => labels[p] == label).Select(p => image[p]).Distinct().Count(), Is.EqualTo(1), $"segment {label}");
        Assert.That(labels.Max() + 1, Is.InRange(10, 24));
    }

    [Test]
    public void An_image_of_one_colour_becomes_a_grid() =>
        Assert.That(new Segments.Slic(16).For(new float[40 * 40], 1, 40, 40).CountBy(l => l).Select(p => p.Value).ToList(), Has.Count.EqualTo(16).And.All.InRange(60, 140));

    static int Parts(int[] labels, int width)
    {
        var seen = new bool[labels.Length];
        int parts = 0;
        for (int start = 0; start < labels.Length; start++)
        {
            if (seen[start]) continue;
            parts++;
            var open = new Stack<int>([start]);
            while (open.TryPop(out int p))
            {
                if (seen[p]) continue;
                seen[p] = true;
                foreach (int q in (int[])[p - width, p + width, p % width > 0 ? p - 1 : -1, p % width < width - 1 ? p + 1 : -1])
                    if (q >= 0 && q < labels.Length && labels[q] == labels[p]) open.Push(q);
            }
        }
        return parts;
    }
}
