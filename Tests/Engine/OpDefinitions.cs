namespace IlgpuXai.Tests;

/// <summary>Operations by their formulas.</summary>
static class OpDefinitions
{
    public static Nd Conv2d(Nd x, Nd w, Nd? b, int strideH, int strideW, int padH, int padW, int dilation, int groups)
    {
        int[] s = x.Shape, k = w.Shape;
        int p = (s[2] + 2 * padH - dilation * (k[2] - 1) - 1) / strideH + 1, q = (s[3] + 2 * padW - dilation * (k[3] - 1) - 1) / strideW + 1;
        return Nd.From([s[0], k[0], p, q], at =>
        {
            double sum = b?[at[1]] ?? 0;
            int group = at[1] / (k[0] / groups);
            for (int c = 0; c < k[1]; c++)
            for (int r = 0; r < k[2]; r++)
            for (int t = 0; t < k[3]; t++)
            {
                int h = at[2] * strideH - padH + r * dilation, v = at[3] * strideW - padW + t * dilation;
                if (h >= 0 && h < s[2] && v >= 0 && v < s[3]) sum += x[at[0], group * k[1] + c, h, v] * w[at[1], c, r, t];
            }
            return sum;
        });
    }

    /// <summary>Σₖ a(at, k)·b(at, k) with the sum running over 0 … n−1.</summary>
    public static Nd Sum(int[] shape, int n, Func<int[], int, double> term) => Nd.From(shape, at => Enumerable.Range(0, n).Sum(k => term(at, k)));

    public static Nd Pool(Nd x, int kernel, int stride, int pad, bool max)
    {
        int[] s = x.Shape;
        return Nd.From([s[0], s[1], (s[2] + 2 * pad - kernel) / stride + 1, (s[3] + 2 * pad - kernel) / stride + 1], at =>
        {
            double best = double.NegativeInfinity, sum = 0;
            for (int r = 0; r < kernel; r++)
            for (int t = 0; t < kernel; t++)
            {
                int h = at[2] * stride - pad + r, v = at[3] * stride - pad + t;
                if (h < 0 || h >= s[2] || v < 0 || v >= s[3]) continue;
                best = Math.Max(best, x[at[0], at[1], h, v]);
                sum += x[at[0], at[1], h, v];
            }
            return max ? best : sum / (kernel * kernel);
        });
    }

    public static Nd AdaptivePool(Nd x, int p, int q) => Nd.From([x.Shape[0], x.Shape[1], p, q], at =>
    {
        double sum = 0;
        int count = 0;
        for (int h = at[2] * x.Shape[2] / p; h < ((at[2] + 1) * x.Shape[2] + p - 1) / p; h++)
        for (int v = at[3] * x.Shape[3] / q; v < ((at[3] + 1) * x.Shape[3] + q - 1) / q; v++, count++)
            sum += x[at[0], at[1], h, v];
        return sum / count;
    });

    public static Nd BatchNorm(Nd x, Nd weight, Nd bias, Func<int, (double Mean, double Var)> statistics, double eps) =>
        Nd.From(x.Shape, at => (x[at] - statistics(at[1]).Mean) / Math.Sqrt(statistics(at[1]).Var + eps) * weight[at[1]] + bias[at[1]]);

    public static (double Mean, double Var) Moments(Nd x, int channel)
    {
        var values = new List<double>();
        Nd.From(x.Shape, at => { if (at[1] == channel) values.Add(x[at]); return 0; });
        double mean = values.Average();
        return (mean, values.Average(v => (v - mean) * (v - mean)));
    }

    public static Nd Binary(Nd a, Nd b, Func<double, double, double> f)
    {
        int[] shape = Broadcasting.Shape(a.Shape, b.Shape), fromA = Broadcasting.Sources(a.Shape, shape), fromB = Broadcasting.Sources(b.Shape, shape);
        return new(shape, [.. fromA.Zip(fromB, (i, j) => f(a.Values[i], b.Values[j]))]);
    }

    /// <summary>A fold over the reduced axes; the others keep their order.</summary>
    public static Nd Reduce(Nd x, int[] axes, bool keepDim, Func<List<double>, double> fold)
    {
        var groups = new Dictionary<string, List<double>>();
        Nd.From(x.Shape, at =>
        {
            string key = string.Join(",", at.Where((_, axis) => !axes.Contains(axis)));
            if (!groups.TryGetValue(key, out var group)) groups[key] = group = [];
            group.Add(x[at]);
            return 0;
        });
        int[] shape = [.. x.Shape.Select((size, axis) => axes.Contains(axis) ? 1 : size).Where((_, axis) => keepDim || !axes.Contains(axis))];
        return new(shape, [.. groups.Values.Select(fold)]);
    }

    public static Nd LogSoftmax(Nd x) => Nd.From(x.Shape, at =>
    {
        double sum = 0;
        for (int c = 0; c < x.Shape[^1]; c++) sum += Math.Exp(x[[.. at[..^1], c]]);
        return x[at] - Math.Log(sum);
    });

    public static Nd CrossEntropy(Nd x, int[] labels, double[] weights) =>
        new([], [labels.Select((t, r) => -weights[t] * LogSoftmax(x)[r, t]).Sum() / labels.Sum(t => weights[t])]);

    public static Nd BinaryCrossEntropy(Nd x, Nd targets, double positive) => new([], [x.Values.Zip(targets.Values, (v, t) =>
        -(positive * t * -Math.Log(1 + Math.Exp(-v)) + (1 - t) * -Math.Log(1 + Math.Exp(v)))).Average()]);

    public static Nd Bilinear(Nd x, int p, int q) => Nd.From([.. x.Shape[..^2], p, q], at =>
    {
        var (h0, h1, u) = Neighbours(at[^2], x.Shape[^2], p);
        var (v0, v1, w) = Neighbours(at[^1], x.Shape[^1], q);
        double At(int h, int v) => x[[.. at[..^2], h, v]];
        return (1 - u) * ((1 - w) * At(h0, v0) + w * At(h0, v1)) + u * ((1 - w) * At(h1, v0) + w * At(h1, v1));
    });

    static (int, int, double) Neighbours(int i, int from, int to)
    {
        double source = Math.Max((i + 0.5) * from / to - 0.5, 0);
        int below = (int)Math.Floor(source);
        return (below, Math.Min(below + 1, from - 1), source - below);
    }
}
