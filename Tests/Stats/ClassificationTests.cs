using IlgpuXai.Stats;
using NUnit.Framework;

namespace IlgpuXai.Tests;

public class ClassificationTests
{
    public record Golden(string Name, int[] Actual, int[] Predicted, string[] Classes, int[][] Matrix, double[] Precision, double[] Recall, double[] F1, int[] Support,
                         double Accuracy, double[] Macro, double[] Weighted, string Text, string Text4);

    static IEnumerable<TestCaseData> Cases => Goldens.Cases<Golden>("classification", g => g.Name);

    [TestCaseSource(nameof(Cases))]
    public void Agrees_with_scikit_learn(Golden g)
    {
        var matrix = ConfusionMatrix.Of(g.Actual, g.Predicted, g.Classes);
        for (int i = 0; i < g.Classes.Length; i++)
            for (int j = 0; j < g.Classes.Length; j++)
                Assert.That(matrix[i, j], Is.EqualTo(g.Matrix[i][j]), $"[{i}, {j}]");
        Assert.That(matrix.Total, Is.EqualTo(g.Actual.Length));

        var report = ClassificationReport.Of(matrix);
        Close.Check(g.Precision, [.. report.Classes.Select(c => c.Precision)], 1e-14, 0, "precision");
        Close.Check(g.Recall, [.. report.Classes.Select(c => c.Recall)], 1e-14, 0, "recall");
        Close.Check(g.F1, [.. report.Classes.Select(c => c.F1)], 1e-14, 0, "F1");
        Assert.That(report.Classes.Select(c => c.Support), Is.EqualTo(g.Support));
        Goldens.Near(g.Accuracy, report.Accuracy, 1e-15, "accuracy");
        Close.Check(g.Macro, [report.MacroAverage.Precision, report.MacroAverage.Recall, report.MacroAverage.F1], 1e-14, 0, "macro average");
        Close.Check(g.Weighted, [report.WeightedAverage.Precision, report.WeightedAverage.Recall, report.WeightedAverage.F1], 1e-14, 0, "weighted average");
    }

    [TestCaseSource(nameof(Cases))]
    public void The_table_reads_as_scikit_learns(Golden g)
    {
        var report = ClassificationReport.Of(ConfusionMatrix.Of(g.Actual, g.Predicted, g.Classes));
        Assert.That(report.ToText(), Is.EqualTo(g.Text));
        Assert.That(report.ToText(4), Is.EqualTo(g.Text4));
    }

    [Test]
    public void Bad_labels_are_refused_with_one_clear_line()
    {
        string[] classes = ["six", "eight"];
        Assert.That(() => ConfusionMatrix.Of([0, 1], [0], classes), Throws.ArgumentException.With.Message.EqualTo("confusion matrix: 2 actual labels, 1 predicted ones, expects pairs"));
        Assert.That(() => ConfusionMatrix.Of([], [], classes), Throws.ArgumentException.With.Message.EqualTo("confusion matrix: no labels"));
        Assert.That(() => ConfusionMatrix.Of([0, 1], [0, 2], classes), Throws.ArgumentException.With.Message.EqualTo("confusion matrix: predicted[1] is 2, expects a class from 0 to 1"));
        Assert.That(() => ConfusionMatrix.Of([-1], [0], classes), Throws.ArgumentException.With.Message.EqualTo("confusion matrix: actual[0] is -1, expects a class from 0 to 1"));
    }
}
