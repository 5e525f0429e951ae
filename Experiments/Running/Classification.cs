using IlgpuXai.Data;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Stats;

namespace IlgpuXai.Experiments;

/// <summary>What a classifier says about a set of images.</summary>
/// <param name="Logits">[images, classes], row-major.</param>
/// <param name="Predicted">The class of the largest logit; the lowest class where several are equal.</param>
public sealed record Classification(float[] Logits, int[] Predicted, ConfusionMatrix Confusion)
{
    const int Batch = 200;

    public ClassificationReport Report { get; } = ClassificationReport.Of(Confusion);

    public ReadOnlySpan<float> LogitsOf(int image) => Logits.AsSpan(image * Confusion.Classes.Count, Confusion.Classes.Count);

    /// <exception cref="UserException">The classifier was made for other images or other classes.</exception>
    public static Classification Of(ImageClassifier f, Device device, ImageSet images, IReporter reporter, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(reporter);
        CheckFits(f.InputShape, f.Classes, images);
        var logits = new float[images.Count * f.Classes];
        using (var stage = reporter.Begin("test accuracy", "images", images.Count))
            foreach (var indices in new Batches(images.Count, Batch).Epoch(0))
            {
                stop.ThrowIfCancellationRequested();
                using var scope = device.Scope();
                var pixels = new float[indices.Length * images.ImageSize];
                images.CopyImages(indices.Span, pixels);
                var x = device.Tensor([indices.Length, images.Channels, images.Height, images.Width], pixels);
                f.Forward(x).CopyTo(logits.AsSpan(indices.Span[0] * f.Classes, indices.Length * f.Classes));
                stage.Advance(indices.Length);
            }
        int[] predicted = [.. Enumerable.Range(0, images.Count).Select(i => Largest(logits.AsSpan(i * f.Classes, f.Classes)))];
        return new(logits, predicted, ConfusionMatrix.Of(images.Labels, predicted, images.ClassNames));
    }

    /// <exception cref="UserException">A classifier of this input [C, H, W] and this many classes was not made for these images.</exception>
    public static void CheckFits(Shape input, int classes, ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(images);
        Shape shape = [images.Channels, images.Height, images.Width];
        if (input != shape) throw new UserException($"the images are {shape}, the network expects {input} (channels, height, width)");
        if (classes != images.ClassNames.Count) throw new UserException($"the images have {images.ClassNames.Count} classes, the network knows {classes}");
    }

    static int Largest(ReadOnlySpan<float> row)
    {
        int best = 0;
        for (int c = 1; c < row.Length; c++)
            if (row[c] > row[best]) best = c;
        return best;
    }
}
