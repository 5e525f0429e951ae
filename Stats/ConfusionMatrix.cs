namespace IlgpuXai.Stats;

/// <summary>Counts of predictions: <c>matrix[actual, predicted]</c>, classes numbered from 0.</summary>
public sealed class ConfusionMatrix
{
    readonly int[,] counts;

    ConfusionMatrix(int[,] counts, IReadOnlyList<string> classes) => (this.counts, Classes) = (counts, classes);

    /// <summary>The class names, by number.</summary>
    public IReadOnlyList<string> Classes { get; }

    /// <summary>How many items of class <paramref name="actual"/> were taken for class <paramref name="predicted"/>.</summary>
    public int this[int actual, int predicted] => counts[actual, predicted];

    /// <summary>Counts pairs of labels.</summary>
    /// <param name="classes">Names of all classes, also of those that do not occur; labels index it.</param>
    /// <exception cref="ArgumentException">No labels, unequal lengths, or a label without a class.</exception>
    public static ConfusionMatrix Of(ReadOnlySpan<int> actual, ReadOnlySpan<int> predicted, IReadOnlyList<string> classes)
    {
        if (actual.Length != predicted.Length)
            throw new ArgumentException($"confusion matrix: {actual.Length} actual labels, {predicted.Length} predicted ones, expects pairs");
        if (actual.Length == 0) throw new ArgumentException("confusion matrix: no labels");
        int k = classes.Count;
        var counts = new int[k, k];
        for (int i = 0; i < actual.Length; i++)
            counts[Checked(actual[i], i, "actual", k), Checked(predicted[i], i, "predicted", k)]++;
        return new(counts, [.. classes]);

        static int Checked(int label, int i, string what, int k) =>
            (uint)label < (uint)k ? label : throw new ArgumentException($"confusion matrix: {what}[{i}] is {label}, expects a class from 0 to {k - 1}");
    }

    /// <summary>The number of items of a class: the sum of its row.</summary>
    public int Support(int actual)
    {
        int sum = 0;
        for (int j = 0; j < Classes.Count; j++) sum += counts[actual, j];
        return sum;
    }

    /// <summary>The number of items taken for a class: the sum of its column.</summary>
    public int Predicted(int predicted)
    {
        int sum = 0;
        for (int i = 0; i < Classes.Count; i++) sum += counts[i, predicted];
        return sum;
    }

    /// <summary>The number of items.</summary>
    public int Total
    {
        get
        {
            int sum = 0;
            foreach (int count in counts) sum += count;
            return sum;
        }
    }

    /// <summary>The share of items on the diagonal.</summary>
    public double Accuracy
    {
        get
        {
            int right = 0;
            for (int i = 0; i < Classes.Count; i++) right += counts[i, i];
            return (double)right / Total;
        }
    }
}
