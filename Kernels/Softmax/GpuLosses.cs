using ILGPU;
using ILGPU.Algorithms;

namespace IlgpuXai.Kernels;

/// <summary>Losses that end in one number: a single group sums them in a fixed order.</summary>
sealed class GpuLosses(IKernelRunner runner)
{
    readonly Action<KernelConfig, View, IntView, View, View, View, SoftmaxShape> _crossEntropy =
        runner.Load<View, IntView, View, View, View, SoftmaxShape>(CrossEntropyKernel);

    readonly Action<KernelConfig, View, IntView, View, View, View, SoftmaxShape> _crossEntropyBackward =
        runner.Load<View, IntView, View, View, View, SoftmaxShape>(CrossEntropyBackwardKernel);

    readonly Action<KernelConfig, View, View, View, float> _binary = runner.Load<View, View, View, float>(BinaryKernel);
    readonly Action<Index1D, View, View, View, View, float> _binaryBackward = runner.LoadAuto<View, View, View, View, float>(BinaryBackwardKernel);

    public void CrossEntropy(View x, IntView labels, View classWeights, View loss, View probabilities, SoftmaxShape s)
    {
        Expect.Length(loss, 1, "cross entropy: loss");
        CheckLabels(labels, classWeights, s);
        _crossEntropy((1, GroupReduce.MaxThreads), x, labels, classWeights, loss, probabilities, s);
    }

    public void CrossEntropyBackward(View probabilities, IntView labels, View classWeights, View dloss, View dx, SoftmaxShape s)
    {
        Expect.Length(probabilities, s.Count, "cross entropy: probabilities");
        Expect.Length(dx, s.Count, "cross entropy: dx");
        Expect.Length(dloss, 1, "cross entropy: dloss");
        CheckLabels(labels, classWeights, s);
        if (s.Count > 0) _crossEntropyBackward((s.Rows, GroupReduce.Threads(s.Classes)), probabilities, labels, classWeights, dloss, dx, s);
    }

    public void BinaryCrossEntropyForward(View x, View targets, float positiveWeight, View loss)
    {
        Expect.Length(targets, x.Length, "binary cross entropy: targets");
        Expect.Length(loss, 1, "binary cross entropy: loss");
        _binary((1, GroupReduce.MaxThreads), x, targets, loss, positiveWeight);
    }

    public void BinaryCrossEntropyBackward(View x, View targets, float positiveWeight, View dloss, View dx)
    {
        Expect.Length(targets, x.Length, "binary cross entropy: targets");
        Expect.Length(dx, x.Length, "binary cross entropy: dx");
        Expect.Length(dloss, 1, "binary cross entropy: dloss");
        _binaryBackward(x.IntLength, x, targets, dloss, dx, positiveWeight);
    }

    static void CheckLabels(IntView labels, View classWeights, SoftmaxShape s)
    {
        Expect.Length(labels, s.Rows, "cross entropy: labels");
        if (classWeights.Length > 0) Expect.Length(classWeights, s.Classes, "cross entropy: class weights");
    }

    static void CrossEntropyKernel(View x, IntView labels, View classWeights, View loss, View probabilities, SoftmaxShape s)
    {
        var shared = SharedMemory.Allocate<float>(GroupReduce.MaxThreads);
        float sum = 0f;
        for (int r = Group.IdxX; r < s.Rows; r += Group.DimX) sum += WeightOf(labels[r], classWeights, s.Classes) * RowLoss(x, labels[r], probabilities, r * s.Classes, s.Classes);
        sum = GroupReduce.All<Sum>(sum, shared);
        float total = TotalWeight(labels, classWeights, s, shared);
        if (Group.IdxX == 0) loss[0] = sum / total;
    }

    /// <summary>log Σ exp x − x[t]. The sum is read off the likeliest class, whose probability is at least 1/classes: log Σ = x[c] − log p[c].</summary>
    static float RowLoss(View x, int label, View probabilities, int row, int classes)
    {
        int likeliest = 0;
        for (int c = 1; c < classes; c++)
            if (probabilities[row + c] > probabilities[row + likeliest]) likeliest = c;
        bool isLabel = label >= 0 && label < classes;
        return isLabel ? x[row + likeliest] - x[row + label] - XMath.Log(probabilities[row + likeliest]) : float.NaN;
    }

    static void CrossEntropyBackwardKernel(View probabilities, IntView labels, View classWeights, View dloss, View dx, SoftmaxShape s)
    {
        var shared = SharedMemory.Allocate<float>(GroupReduce.MaxThreads);
        int row = Grid.IdxX * s.Classes, label = labels[Grid.IdxX];
        float scale = dloss[0] * WeightOf(label, classWeights, s.Classes) / TotalWeight(labels, classWeights, s, shared);
        for (int c = Group.IdxX; c < s.Classes; c += Group.DimX) dx[row + c] = scale * (probabilities[row + c] - (c == label ? 1f : 0f));
    }

    static float TotalWeight(IntView labels, View classWeights, SoftmaxShape s, View shared)
    {
        float total = 0f;
        for (int r = Group.IdxX; r < s.Rows; r += Group.DimX) total += WeightOf(labels[r], classWeights, s.Classes);
        return GroupReduce.All<Sum>(total, shared);
    }

    static float WeightOf(int label, View classWeights, int classes)
    {
        bool isLabel = label >= 0 && label < classes;
        return !isLabel ? float.NaN : classWeights.Length == 0 ? 1f : classWeights[label];
    }

    static void BinaryKernel(View x, View targets, View loss, float positiveWeight)
    {
        var shared = SharedMemory.Allocate<float>(GroupReduce.MaxThreads);
        float sum = 0f;
        for (int i = Group.IdxX; i < x.IntLength; i += Group.DimX) sum += BinaryCrossEntropy.Loss(x[i], targets[i], positiveWeight);
        sum = GroupReduce.All<Sum>(sum, shared);
        if (Group.IdxX == 0) loss[0] = sum / x.IntLength;
    }

    static void BinaryBackwardKernel(Index1D i, View x, View targets, View dloss, View dx, float positiveWeight) =>
        dx[i] = dloss[0] / x.IntLength * BinaryCrossEntropy.Slope(x[i], targets[i], positiveWeight);
}
