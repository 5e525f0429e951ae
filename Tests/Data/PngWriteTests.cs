using IlgpuXai.Data;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class PngWriteTests
{
    // Widths and heights at which whole rows, single pixels and every filter come up; noise, ramps and flat areas.
    [Test]
    public void What_is_written_is_read_back([Values(1, 2, 3, 4)] int channels, [Values(8, 16)] int depth, [Values(0, 1, 2)] int kind)
    {
        var random = new SeededRandom(11, (ulong)channels, (ulong)depth, (ulong)kind);
        foreach ((int width, int height) in new[] { (1, 1), (1, 7), (9, 1), (13, 6), (31, 40) })
        {
            int n = width * height * channels;
            ushort Sample(int i) => (ushort)(kind switch { 0 => random.Below(65536), 1 => i * 37, _ => i / 50 * 9999 });
            ushort[] words = [.. Enumerable.Range(0, n).Select(Sample)];
            byte[] bytes = Array.ConvertAll(words, w => (byte)(w >> 8));
            Image image = depth == 8 ? new Image(width, height, channels, bytes) : new Image(width, height, channels, words);
            Image back = PngFile.Decode(PngFile.Encode(image), "x.png");
            Assert.That((back.Width, back.Height, back.Channels, back.BitDepth), Is.EqualTo((width, height, channels, depth)));
            if (depth == 8) Assert.That(back.Bytes.SequenceEqual(bytes), Is.True);
            else Assert.That(back.Words.SequenceEqual(words), Is.True);
        }
    }

    [Test]
    public void A_ramp_is_written_small() =>
        Assert.That(PngFile.Encode(new Image(200, 100, 1, [.. Enumerable.Range(0, 20000).Select(i => (byte)(i % 200 + i / 200))])), Has.Length.LessThan(400));

    [Test]
    public void A_file_is_written_whole()
    {
        using var folder = new TempFolder();
        PngFile.Write(folder.File("a.png"), new Image(2, 1, 1, new byte[] { 3, 4 }));
        Assert.That(PngFile.Read(folder.File("a.png")).Bytes.ToArray(), Is.EqualTo(new byte[] { 3, 4 }));
        Assert.That(() => PngFile.Write(folder.File("none/a.png"), new Image(2, 1, 1, new byte[2])), Throws.TypeOf<DataException>().With.Message.Contains("cannot be written"));
    }
}
