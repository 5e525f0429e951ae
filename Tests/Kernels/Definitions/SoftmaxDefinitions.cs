namespace IlgpuXai.Tests;

/// <summary>Rows of scores [rows, classes] in double.</summary>
static class SoftmaxDefinitions
{
    public static double[] LogSoftmax(double[] x, int classes)
    {
        double[] y = new double[x.Length];
        for (int row = 0; row < x.Length; row += classes)
        {
            double max = x[row], sum = 0;
            for (int c = 0; c < classes; c++) max = Math.Max(max, x[row + c]);
            for (int c = 0; c < classes; c++) sum += Math.Exp(x[row + c] - max);
            for (int c = 0; c < classes; c++) y[row + c] = x[row + c] - max - Math.Log(sum);
        }
        return y;
    }

    public static double[] Softmax(double[] x, int classes) => Array.ConvertAll(LogSoftmax(x, classes), Math.Exp);

    /// <summary>Of each row the score of its label and Σ exp(x_c − x_t) over the other classes.</summary>
    public static double[] Odds(double[] x, int[] labels, int classes) => [.. labels.SelectMany((t, r) => (double[])
        [x[r * classes + t], Enumerable.Range(0, classes).Where(c => c != t).Sum(c => Math.Exp(x[r * classes + c] - x[r * classes + t]))])];

    public static double CrossEntropy(double[] x, int[] labels, double[] weights, int classes)
    {
        double[] logs = LogSoftmax(x, classes);
        double sum = 0, total = 0;
        for (int r = 0; r < labels.Length; r++)
        {
            double v = weights.Length == 0 ? 1 : weights[labels[r]];
            sum -= v * logs[r * classes + labels[r]];
            total += v;
        }
        return sum / total;
    }

    public static double BinaryCrossEntropy(double[] x, double[] targets, double positiveWeight)
    {
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double p = 1 / (1 + Math.Exp(-x[i])), q = 1 / (1 + Math.Exp(x[i]));
            sum -= positiveWeight * targets[i] * Math.Log(p) + (1 - targets[i]) * Math.Log(q);
        }
        return sum / x.Length;
    }
}
