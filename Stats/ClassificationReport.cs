using System.Text;

namespace IlgpuXai.Stats;

/// <summary>One row of a classification report. A ratio whose denominator is zero is 0.</summary>
/// <param name="Precision">Right predictions of the class / predictions of the class.</param>
/// <param name="Recall">Right predictions of the class / items of the class.</param>
/// <param name="F1">The harmonic mean of precision and recall.</param>
/// <param name="Support">The number of items of the class.</param>
public sealed record ClassScores(string Name, double Precision, double Recall, double F1, int Support);

/// <summary>Precision, recall and F1 per class and on average.</summary>
/// <param name="Accuracy">The share of right predictions.</param>
/// <param name="MacroAverage">The mean over classes, also those without items.</param>
/// <param name="WeightedAverage">The mean over classes weighted by their support.</param>
public sealed record ClassificationReport(IReadOnlyList<ClassScores> Classes, double Accuracy, ClassScores MacroAverage, ClassScores WeightedAverage)
{
    /// <summary>Scores every class of a confusion matrix.</summary>
    public static ClassificationReport Of(ConfusionMatrix matrix)
    {
        ArgumentNullException.ThrowIfNull(matrix);
        ClassScores[] rows = [.. matrix.Classes.Select((name, k) => Score(name, matrix[k, k], matrix.Predicted(k), matrix.Support(k)))];
        return new(rows, matrix.Accuracy,
                   Average("macro avg", rows, _ => 1.0 / rows.Length),
                   Average("weighted avg", rows, row => (double)row.Support / matrix.Total));
    }

    static ClassScores Score(string name, int right, int predicted, int support) =>
        new(name, Ratio(right, predicted), Ratio(right, support), Ratio(2.0 * right, predicted + support), support);

    static double Ratio(double part, double whole) => whole == 0 ? 0 : part / whole;

    static ClassScores Average(string name, ClassScores[] rows, Func<ClassScores, double> weight) =>
        new(name, rows.Sum(r => weight(r) * r.Precision), rows.Sum(r => weight(r) * r.Recall), rows.Sum(r => weight(r) * r.F1), rows.Sum(r => r.Support));

    /// <summary>
    /// The report as a plain-text table, laid out as scikit-learn's: one row per class, then accuracy, macro and weighted average.
    /// Lines end with a line feed.
    /// </summary>
    /// <param name="digits">Decimals of the scores; halfway cases go to the even digit (0.125 to 0.12).</param>
    public string ToText(int digits = 2)
    {
        int width = Math.Max(Classes.Max(c => c.Name.Length), WeightedAverage.Name.Length);
        int total = WeightedAverage.Support;
        var text = new StringBuilder();
        Line("", ["precision", "recall", "f1-score", "support"]);
        text.Append('\n');
        foreach (var row in Classes) Scores(row);
        text.Append('\n');
        Line("accuracy", ["", "", Rounded(Accuracy), $"{total}"]);
        Scores(MacroAverage);
        Scores(WeightedAverage);
        return text.ToString();

        void Scores(ClassScores row) => Line(row.Name, [Rounded(row.Precision), Rounded(row.Recall), Rounded(row.F1), $"{row.Support}"]);

        void Line(string name, ReadOnlySpan<string> cells)
        {
            text.Append(name.PadLeft(width)).Append(' ');
            foreach (string cell in cells) text.Append(' ').Append(cell.PadLeft(9));
            text.Append('\n');
        }

        string Rounded(double score) => score.ToString($"F{digits}");
    }
}
