using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class ImageSetTests
{
    static ImageSet Four() => new([.. Enumerable.Range(0, 4 * 2 * 3).Select(i => (byte)(10 * i))], 1, 2, 3, [1, 0, 1, 2], ["a", "b", "c"]);

    [Test]
    public void Images_are_copied_as_fractions_of_255_in_the_order_asked_for()
    {
        var images = new float[12];
        Array.Fill(images, float.NaN);
        Four().CopyImages([3, 1], images);
        double[] expected = [.. new[] { 180, 190, 200, 210, 220, 230, 60, 70, 80, 90, 100, 110 }.Select(b => b / 255.0)];
        Close.Check(expected, images, 1e-7, 0, "images");
    }

    [Test]
    public void A_subset_keeps_pixels_and_labels_together_and_may_repeat()
    {
        ImageSet subset = Four().Subset([3, 0, 3]);
        Assert.That(subset.Labels.ToArray(), Is.EqualTo(new[] { 2, 1, 2 }));
        Assert.That(subset.Pixels(2).ToArray(), Is.EqualTo(new byte[] { 180, 190, 200, 210, 220, 230 }));
        Assert.That(subset.Image(1)[1], Is.EqualTo(10 / 255f));
    }

    [Test]
    public void The_images_of_a_class_are_found() => Assert.That(Four().IndicesOf(1), Is.EqualTo(new[] { 0, 2 }));

    [Test]
    public void Parts_that_do_not_fit_together_are_refused()
    {
        Assert.That(() => new ImageSet(new byte[23], 1, 2, 3, [1, 0, 1, 2], ["a", "b", "c"]), Throws.ArgumentException.With.Message.Contains("need 24 bytes, got 23"));
        Assert.That(() => new ImageSet(new byte[6], 1, 2, 3, [3], ["a", "b", "c"]), Throws.ArgumentException.With.Message.Contains("label 3 of image 0"));
        Assert.That(() => new ImageSet([], 1, 0, 3, [], ["a"]), Throws.ArgumentException.With.Message.Contains("hold no pixel"));
        Assert.That(() => Four().CopyImages([0], new float[7]), Throws.ArgumentException);
    }
}
