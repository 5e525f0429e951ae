using ILGPU;
using ILGPU.Algorithms;

namespace IlgpuXai.Kernels;

/// <summary>Batch normalisation: a group per channel for sums, a thread per value for the rest.</summary>
sealed class GpuBatchNorm(IKernelRunner runner) : IBatchNorm
{
    readonly Action<KernelConfig, View, View, View, View, View, float, BatchNormShape> _moments = runner.Load<View, View, View, View, View, float, BatchNormShape>(MomentsKernel);
    readonly Action<Index1D, View, View, View, View, View, View, BatchNormShape> _normalise = runner.LoadAuto<View, View, View, View, View, View, BatchNormShape>(NormaliseKernel);
    readonly Action<KernelConfig, View, View, View, View, View, View, BatchNormShape> _sums = runner.Load<View, View, View, View, View, View, BatchNormShape>(SumsKernel);
    readonly Action<Index1D, View, View, View, View, View, View, View, View, BatchNormShape> _gradient = runner.LoadAuto<View, View, View, View, View, View, View, View, BatchNormShape>(GradientKernel);
    readonly Action<Index1D, View, View, View, View, View, View, BatchNormShape, float> _inference = runner.LoadAuto<View, View, View, View, View, View, BatchNormShape, float>(InferenceKernel);
    readonly Action<Index1D, View, View, View, View, BatchNormShape> _inferenceBack = runner.LoadAuto<View, View, View, View, BatchNormShape>(InferenceBackwardKernel);
    readonly Action<KernelConfig, View, View, View, View, View, View, BatchNormShape> _inferenceSums = runner.Load<View, View, View, View, View, View, BatchNormShape>(InferenceSumsKernel);

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
        if (s.C == 0) return;
        _moments((s.C, GroupReduce.MaxThreads), x, mean, invStd, runningMean, runningVar, momentum, s);
        _normalise(x.IntLength, x, weight, bias, mean, invStd, y, s);
    }

    public void InferenceForward(View x, View weight, View bias, View runningMean, View runningVar, View y, BatchNormShape s, float least)
    {
        s.CheckImages(x, "x");
        s.CheckImages(y, "y");
        s.CheckChannels(weight, "weight");
        s.CheckChannels(bias, "bias");
        s.CheckChannels(runningMean, "running mean");
        s.CheckChannels(runningVar, "running variance");
        _inference(x.IntLength, x, weight, bias, runningMean, runningVar, y, s, least);
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
        if (s.C == 0) return;
        _sums((s.C, GroupReduce.MaxThreads), dy, x, mean, invStd, dweight, dbias, s);
        _gradient(x.IntLength, dy, x, weight, mean, invStd, dweight, dbias, dx, s);
    }

    public void InferenceBackwardInput(View dy, View weight, View runningVar, View dx, BatchNormShape s)
    {
        s.CheckImages(dy, "dy");
        s.CheckImages(dx, "dx");
        s.CheckChannels(weight, "weight");
        s.CheckChannels(runningVar, "running variance");
        _inferenceBack(dx.IntLength, dy, weight, runningVar, dx, s);
    }

    public void InferenceBackwardParameters(View dy, View x, View runningMean, View runningVar, View dweight, View dbias, BatchNormShape s)
    {
        s.CheckImages(dy, "dy");
        s.CheckImages(x, "x");
        s.CheckChannels(runningMean, "running mean");
        s.CheckChannels(runningVar, "running variance");
        s.CheckChannels(dweight, "dweight");
        s.CheckChannels(dbias, "dbias");
        if (s.C > 0) _inferenceSums((s.C, GroupReduce.MaxThreads), dy, x, runningMean, runningVar, dweight, dbias, s);
    }

    // The second pass sums about the first pass's mean, and what is left over there corrects that mean: a large mean does no harm.
    static void MomentsKernel(View x, View mean, View invStd, View runningMean, View runningVar, float momentum, BatchNormShape s)
    {
        var shared = SharedMemory.Allocate<float>(GroupReduce.MaxThreads);
        int c = Grid.IdxX, count = s.N * s.HW;
        float sum = 0f;
        for (int i = Group.IdxX; i < count; i += Group.DimX) sum += x[Place(i, c, s)];
        float centre = GroupReduce.All<Sum>(sum, shared) / count;

        float rest = 0f, squares = 0f;
        for (int i = Group.IdxX; i < count; i += Group.DimX)
        {
            float d = x[Place(i, c, s)] - centre;
            rest += d;
            squares += d * d;
        }
        rest = GroupReduce.All<Sum>(rest, shared);
        squares = GroupReduce.All<Sum>(squares, shared) - rest * rest / count;
        if (Group.IdxX == 0)
        {
            float batchMean = centre + rest / count;
            mean[c] = batchMean;
            invStd[c] = 1f / XMath.Sqrt(squares / count + s.Eps);
            runningMean[c] += momentum * (batchMean - runningMean[c]);
            runningVar[c] += momentum * (squares / (count - 1) - runningVar[c]);
        }
    }

    static void NormaliseKernel(Index1D i, View x, View weight, View bias, View mean, View invStd, View y, BatchNormShape s)
    {
        int c = i / s.HW % s.C;
        y[i] = (x[i] - mean[c]) * (weight[c] * invStd[c]) + bias[c];
    }

    static void SumsKernel(View dy, View x, View mean, View invStd, View dweight, View dbias, BatchNormShape s)
    {
        var shared = SharedMemory.Allocate<float>(GroupReduce.MaxThreads);
        var sums = Sums(dy, x, mean[Grid.IdxX], shared, s);
        if (Group.IdxX == 0)
        {
            dbias[Grid.IdxX] = sums.Dy;
            dweight[Grid.IdxX] = sums.DyX * invStd[Grid.IdxX];
        }
    }

    static void InferenceSumsKernel(View dy, View x, View runningMean, View runningVar, View dweight, View dbias, BatchNormShape s)
    {
        var shared = SharedMemory.Allocate<float>(GroupReduce.MaxThreads);
        var sums = Sums(dy, x, runningMean[Grid.IdxX], shared, s);
        if (Group.IdxX == 0)
        {
            dbias[Grid.IdxX] = sums.Dy;
            dweight[Grid.IdxX] = sums.DyX / XMath.Sqrt(runningVar[Grid.IdxX] + s.Eps);
        }
    }

    /// <summary>Σ dy and Σ dy·(x − mean) of one channel.</summary>
    public readonly struct ChannelSums(float dy, float dyX)
    {
        public readonly float Dy = dy, DyX = dyX;
    }

    static ChannelSums Sums(View dy, View x, float mean, View shared, BatchNormShape s)
    {
        int count = s.N * s.HW;
        float sum = 0f, products = 0f;
        for (int i = Group.IdxX; i < count; i += Group.DimX)
        {
            int place = Place(i, Grid.IdxX, s);
            sum += dy[place];
            products += dy[place] * (x[place] - mean);
        }
        sum = GroupReduce.All<Sum>(sum, shared);
        products = GroupReduce.All<Sum>(products, shared);
        return new(sum, products);
    }

    static void GradientKernel(Index1D i, View dy, View x, View weight, View mean, View invStd, View dweight, View dbias, View dx, BatchNormShape s)
    {
        int c = i / s.HW % s.C, count = s.N * s.HW;
        float normalised = (x[i] - mean[c]) * invStd[c];
        dx[i] = weight[c] * invStd[c] * (dy[i] - dbias[c] / count - normalised * (dweight[c] / count));
    }

    static void InferenceKernel(Index1D i, View x, View weight, View bias, View runningMean, View runningVar, View y, BatchNormShape s, float least)
    {
        int c = i / s.HW % s.C;
        float value = (x[i] - runningMean[c]) * (weight[c] / XMath.Sqrt(runningVar[c] + s.Eps)) + bias[c];
        y[i] = value < least ? least : value;
    }

    static void InferenceBackwardKernel(Index1D i, View dy, View weight, View runningVar, View dx, BatchNormShape s)
    {
        int c = i / s.HW % s.C;
        dx[i] = dy[i] * (weight[c] / XMath.Sqrt(runningVar[c] + s.Eps));
    }

    /// <summary>Index of value i of a channel, 0 … N·HW−1.</summary>
    static int Place(int i, int c, BatchNormShape s) => (i / s.HW * s.C + c) * s.HW + i % s.HW;
}
