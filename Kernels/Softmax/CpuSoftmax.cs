using System.Buffers;

namespace IlgpuXai.Kernels;

sealed unsafe class CpuSoftmax(Team team) : ISoftmax
{
    public void Forward(View x, View y, SoftmaxShape s)
    {
        Expect.Length(x, s.Count, "softmax: x");
        Expect.Length(y, s.Count, "softmax: y");
        Rows(s, r => SoftmaxRow.Probabilities(x.Data + r * s.Classes, y.Data + r * s.Classes, s.Classes));
    }

    public void Backward(View y, View dy, View dx, SoftmaxShape s)
    {
        CheckBackward(y, dy, dx, s);
        Rows(s, r => SoftmaxRow.Backward(y.Data + r * s.Classes, dy.Data + r * s.Classes, dx.Data + r * s.Classes, s.Classes));
    }

    public void LogForward(View x, View y, SoftmaxShape s)
    {
        Expect.Length(x, s.Count, "log softmax: x");
        Expect.Length(y, s.Count, "log softmax: y");
        Rows(s, r => SoftmaxRow.LogProbabilities(x.Data + r * s.Classes, y.Data + r * s.Classes, s.Classes));
    }

    public void LogBackward(View y, View dy, View dx, SoftmaxShape s)
    {
        CheckBackward(y, dy, dx, s);
        Rows(s, r => SoftmaxRow.LogBackward(y.Data + r * s.Classes, dy.Data + r * s.Classes, dx.Data + r * s.Classes, s.Classes));
    }

    public void Odds(View x, IntView labels, View scores, SoftmaxShape s)
    {
        s.CheckOdds(x, labels, scores);
        Rows(s, r =>
        {
            int label = labels.Data[r];
            float* row = x.Data + r * s.Classes;
            bool known = (uint)label < (uint)s.Classes;
            scores.Data[2 * r] = known ? row[label] : float.NaN;
            scores.Data[2 * r + 1] = known ? SoftmaxRow.Odds(row, s.Classes, label) : float.NaN;
        });
    }

    public void CrossEntropyForward(View x, IntView labels, View classWeights, View loss, View probabilities, SoftmaxShape s)
    {
        Expect.Length(x, s.Count, "cross entropy: x");
        Expect.Length(probabilities, s.Count, "cross entropy: probabilities");
        Expect.Length(loss, 1, "cross entropy: loss");
        var weights = new LabelWeights(labels, classWeights, s);
        double[] losses = ArrayPool<double>.Shared.Rent(s.Rows);
        Rows(s, r =>
        {
            float* row = x.Data + r * s.Classes;
            double logSum = SoftmaxRow.Probabilities(row, probabilities.Data + r * s.Classes, s.Classes);
            losses[r] = weights.IsLabel(r) ? logSum - row[labels.Data[r]] : double.NaN;
        });
        double sum = 0;
        for (int r = 0; r < s.Rows; r++) sum += weights.Of(r) * losses[r];
        loss.Data[0] = (float)(sum / weights.Total());
        ArrayPool<double>.Shared.Return(losses);
    }

    public void CrossEntropyBackward(View probabilities, IntView labels, View classWeights, View dloss, View dx, SoftmaxShape s)
    {
        Expect.Length(probabilities, s.Count, "cross entropy: probabilities");
        Expect.Length(dx, s.Count, "cross entropy: dx");
        Expect.Length(dloss, 1, "cross entropy: dloss");
        var weights = new LabelWeights(labels, classWeights, s);
        double unit = dloss.Data[0] / weights.Total();
        Rows(s, r =>
        {
            float* p = probabilities.Data + r * s.Classes, d = dx.Data + r * s.Classes;
            float scale = (float)(unit * weights.Of(r));
            for (int c = 0; c < s.Classes; c++) d[c] = scale * p[c];
            if (weights.IsLabel(r)) d[labels.Data[r]] = scale * (p[labels.Data[r]] - 1f);
        });
    }

    public void BinaryCrossEntropyForward(View x, View targets, float positiveWeight, View loss)
    {
        Expect.Length(targets, x.Length, "binary cross entropy: targets");
        Expect.Length(loss, 1, "binary cross entropy: loss");
        const int chunk = 16384;
        int chunks = (int)((x.Length + chunk - 1) / chunk);
        double[] sums = ArrayPool<double>.Shared.Rent(chunks);
        team.For(chunks, 2, (from, to) =>
        {
            for (long k = from; k < to; k++)
                sums[k] = BinaryCrossEntropy.Sum(x.Data + k * chunk, targets.Data + k * chunk, (int)Math.Min(chunk, x.Length - k * chunk), positiveWeight);
        });
        double sum = 0;
        for (int k = 0; k < chunks; k++) sum += sums[k];
        loss.Data[0] = (float)(sum / x.Length);
        ArrayPool<double>.Shared.Return(sums);
    }

    public void BinaryCrossEntropyBackward(View x, View targets, float positiveWeight, View dloss, View dx)
    {
        Expect.Length(targets, x.Length, "binary cross entropy: targets");
        Expect.Length(dx, x.Length, "binary cross entropy: dx");
        Expect.Length(dloss, 1, "binary cross entropy: dloss");
        float scale = (float)((double)dloss.Data[0] / x.Length);
        team.For(x.Length, Team.Grain, (from, to) => BinaryCrossEntropy.Slopes(x.Data + from, targets.Data + from, dx.Data + from, to - from, positiveWeight, scale));
    }

    static void CheckBackward(View y, View dy, View dx, SoftmaxShape s)
    {
        Expect.Length(y, s.Count, "softmax: y");
        Expect.Length(dy, s.Count, "softmax: dy");
        Expect.Length(dx, s.Count, "softmax: dx");
    }

    void Rows(SoftmaxShape s, Action<long> body) => team.For(s.Rows, Math.Max(1, Team.Grain / 4 / Math.Max(1, s.Classes)), (from, to) =>
    {
        for (long r = from; r < to; r++) body(r);
    });

    /// <summary>The class weight of every row's label; NaN where the label is none.</summary>
    readonly struct LabelWeights
    {
        readonly int* _labels;
        readonly float* _weights;
        readonly int _rows, _classes;

        public LabelWeights(IntView labels, View classWeights, SoftmaxShape s)
        {
            Expect.Length(labels, s.Rows, "cross entropy: labels");
            if (classWeights.Length > 0) Expect.Length(classWeights, s.Classes, "cross entropy: class weights");
            _labels = labels.Data;
            _weights = classWeights.Length > 0 ? classWeights.Data : null;
            (_rows, _classes) = (s.Rows, s.Classes);
        }

        public bool IsLabel(long row) => (uint)_labels[row] < (uint)_classes;
        public double Of(long row) => !IsLabel(row) ? double.NaN : _weights == null ? 1 : _weights[_labels[row]];

        public double Total()
        {
            double total = 0;
            for (int r = 0; r < _rows; r++) total += Of(r);
            return total;
        }
    }
}
