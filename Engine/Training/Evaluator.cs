namespace IlgpuXai.Engine;

/// <summary>Loss and accuracy of a frozen classifier.</summary>
public static class Evaluator
{
    /// <exception cref="TrainingException">There are no images.</exception>
    public static Evaluation Evaluate(this ImageClassifier model, Device device, IBatches batches, CancellationToken stop = default)
    {
        var tally = new Tally();
        foreach (var batch in batches.Epoch(0))
        {
            stop.ThrowIfCancellationRequested();
            using var scope = device.Scope();
            var scores = model.Forward(batch.Upload(device, model));
            tally.Add(scores, scores.CrossEntropy(batch.Labels.Span).Item(), batch.Labels.Span);
        }
        return tally.Images > 0 ? tally.Mean : throw new TrainingException("evaluation: there are no images");
    }

    internal static Tensor Upload(this Batch batch, Device device, ImageClassifier model) =>
        device.Tensor([batch.Labels.Length, .. model.InputShape], batch.Images.Span);
}

/// <summary>Loss and accuracy of an epoch so far, per image.</summary>
sealed class Tally
{
    double _loss;
    long _correct;

    public int Images { get; private set; }
    public Evaluation Mean => new(_loss / Images, (double)_correct / Images);

    public void Add(Tensor scores, double meanLoss, ReadOnlySpan<int> labels)
    {
        float[] values = scores.ToArray();
        int classes = scores.Shape[1];
        for (int i = 0; i < labels.Length; i++)
            if (Largest(values.AsSpan(i * classes, classes)) == labels[i]) _correct++;
        _loss += meanLoss * labels.Length;
        Images += labels.Length;
    }

    /// <summary>The first of equals; −1, which is no class, if a score is NaN.</summary>
    static int Largest(ReadOnlySpan<float> scores)
    {
        int best = 0;
        for (int c = 0; c < scores.Length; c++)
        {
            if (float.IsNaN(scores[c])) return -1;
            if (scores[c] > scores[best]) best = c;
        }
        return best;
    }
}
