namespace IlgpuXai.Kernels;

/// <summary>Batch normalisation on the processor: a channel is one thread's work, in double wherever many numbers meet.</summary>
/// <remarks>Channels go in groups that fit the cache, so that reading them a second time, for the values after the statistics, costs little.</remarks>
sealed unsafe class CpuBatchNorm(Team team) : IBatchNorm
{
    const long CachedBytes = 512 << 10;

    public void TrainingForward(View x, View weight, View bias, View runningMean, View runningVar, float momentum, View y, View mean, View invStd, BatchNormShape s)
    {
        s.CheckImages(x, "x");
        s.CheckImages(y, "y");
        s.CheckChannels(weight, "weight");
        s.CheckChannels(bias, "bias");
        s.CheckChannels(runningMean, "running mean");
        s.CheckChannels(runningVar, "running variance");
        s.CheckChannels(mean, "mean");
        s.CheckChannels(invStd, "invStd");
        if ((long)s.N * s.HW < 2) throw new ShapeException($"batch norm: training needs at least 2 values per channel, got {(long)s.N * s.HW}");
        ForGroups(s, 2, (from, to) =>
        {
            var moments = new Moments[to - from];
            for (int n = 0; n < s.N; n++)
                for (int c = from; c < to; c++) moments[c - from].Add(x.Data + Row(n, c, s), s.HW);
            for (int c = from; c < to; c++)
            {
                ref readonly var m = ref moments[c - from];
                mean.Data[c] = (float)m.Mean;
                invStd.Data[c] = (float)(1 / Math.Sqrt(m.Variance + s.Eps));
                runningMean.Data[c] += momentum * (float)(m.Mean - runningMean.Data[c]);
                runningVar.Data[c] += momentum * (float)(m.UnbiasedVariance - runningVar.Data[c]);
            }
            for (int n = 0; n < s.N; n++)
                for (int c = from; c < to; c++)
                    BatchNormRows.Affine(x.Data + Row(n, c, s), mean.Data[c], weight.Data[c] * invStd.Data[c], bias.Data[c], y.Data + Row(n, c, s), s.HW);
        });
    }

    public void InferenceForward(View x, View weight, View bias, View runningMean, View runningVar, View y, BatchNormShape s, float least)
    {
        s.CheckImages(x, "x");
        s.CheckImages(y, "y");
        s.CheckChannels(weight, "weight");
        s.CheckChannels(bias, "bias");
        s.CheckChannels(runningMean, "running mean");
        s.CheckChannels(runningVar, "running variance");
        team.For((long)s.N * s.C, 1, (from, to) =>
        {
            for (long row = from; row < to; row++)
            {
                int c = (int)(row % s.C);
                BatchNormRows.Affine(x.Data + row * s.HW, runningMean.Data[c], weight.Data[c] * InvStd(runningVar, c, s), bias.Data[c], least, y.Data + row * s.HW, s.HW);
            }
        });
    }

    public void TrainingBackward(View dy, View x, View weight, View mean, View invStd, View dx, View dweight, View dbias, BatchNormShape s)
    {
        s.CheckImages(dy, "dy");
        s.CheckImages(x, "x");
        s.CheckImages(dx, "dx");
        s.CheckChannels(weight, "weight");
        s.CheckChannels(mean, "mean");
        s.CheckChannels(invStd, "invStd");
        s.CheckChannels(dweight, "dweight");
        s.CheckChannels(dbias, "dbias");
        ForGroups(s, 3, (from, to) =>
        {
            var sums = Sums(dy, x, mean, from, to, s);
            double count = (double)s.N * s.HW;
            for (int c = from; c < to; c++) (dweight.Data[c], dbias.Data[c]) = ((float)(sums[c - from].DyX * invStd.Data[c]), (float)sums[c - from].Dy);
            for (int n = 0; n < s.N; n++)
                for (int c = from; c < to; c++)
                {
                    var (sumDy, sumDyX) = sums[c - from];
                    double perStd = invStd.Data[c];
                    BatchNormRows.Gradient(dy.Data + Row(n, c, s), x.Data + Row(n, c, s), mean.Data[c], weight.Data[c] * invStd.Data[c],
                        (float)(sumDy / count), (float)(sumDyX * perStd * perStd / count), dx.Data + Row(n, c, s), s.HW);
                }
        });
    }

    public void InferenceBackwardInput(View dy, View weight, View runningVar, View dx, BatchNormShape s)
    {
        s.CheckImages(dy, "dy");
        s.CheckImages(dx, "dx");
        s.CheckChannels(weight, "weight");
        s.CheckChannels(runningVar, "running variance");
        team.For((long)s.N * s.C, 1, (from, to) =>
        {
            for (long row = from; row < to; row++)
            {
                int c = (int)(row % s.C);
                BatchNormRows.Affine(dy.Data + row * s.HW, 0, weight.Data[c] * InvStd(runningVar, c, s), 0, dx.Data + row * s.HW, s.HW);
            }
        });
    }

    public void InferenceBackwardParameters(View dy, View x, View runningMean, View runningVar, View dweight, View dbias, BatchNormShape s)
    {
        s.CheckImages(dy, "dy");
        s.CheckImages(x, "x");
        s.CheckChannels(runningMean, "running mean");
        s.CheckChannels(runningVar, "running variance");
        s.CheckChannels(dweight, "dweight");
        s.CheckChannels(dbias, "dbias");
        ForGroups(s, 2, (from, to) =>
        {
            var sums = Sums(dy, x, runningMean, from, to, s);
            for (int c = from; c < to; c++)
                (dweight.Data[c], dbias.Data[c]) = ((float)(sums[c - from].DyX * InvStd(runningVar, c, s)), (float)sums[c - from].Dy);
        });
    }

    /// <summary>Σ dy and Σ dy·(x − mean) of channels from … to−1.</summary>
    static (double Dy, double DyX)[] Sums(View dy, View x, View mean, int from, int to, BatchNormShape s)
    {
        var sums = new (double Dy, double DyX)[to - from];
        for (int n = 0; n < s.N; n++)
            for (int c = from; c < to; c++)
                BatchNormRows.Sums(dy.Data + Row(n, c, s), x.Data + Row(n, c, s), mean.Data[c], s.HW, ref sums[c - from].Dy, ref sums[c - from].DyX);
        return sums;
    }

    /// <summary>Calls <paramref name="body"/> for groups of channels whose rows in <paramref name="arrays"/> arrays fit the cache together.</summary>
    void ForGroups(BatchNormShape s, int arrays, Action<int, int> body)
    {
        int group = (int)Math.Clamp(CachedBytes / Math.Max(1, (long)s.N * s.HW * sizeof(float) * arrays), 1, Math.Max(1, s.C));
        team.For(s.C, 1, (from, to) =>
        {
            for (int c = (int)from; c < to; c += group) body(c, (int)Math.Min(c + group, to));
        });
    }

    static long Row(int n, int c, BatchNormShape s) => ((long)n * s.C + c) * s.HW;

    static float InvStd(View variance, int c, BatchNormShape s) => (float)(1 / Math.Sqrt((double)variance.Data[c] + s.Eps));
}
