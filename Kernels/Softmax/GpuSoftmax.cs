using ILGPU;
using ILGPU.Algorithms;

namespace IlgpuXai.Kernels;

/// <summary>A group per row; its threads stride over the classes and combine in shared memory.</summary>
sealed class GpuSoftmax(IKernelRunner runner) : ISoftmax
{
    readonly Action<KernelConfig, View, View, int> _forward = runner.Load<View, View, int>(ForwardKernel);
    readonly Action<KernelConfig, View, View, View, int> _backward = runner.Load<View, View, View, int>(BackwardKernel);
    readonly Action<KernelConfig, View, View, int> _logForward = runner.Load<View, View, int>(LogForwardKernel);
    readonly Action<KernelConfig, View, View, View, int> _logBackward = runner.Load<View, View, View, int>(LogBackwardKernel);
    readonly Action<KernelConfig, View, IntView, View, int> _odds = runner.Load<View, IntView, View, int>(OddsKernel);
    readonly GpuLosses _losses = new(runner);

    public void Forward(View x, View y, SoftmaxShape s)
    {
        Expect.Length(x, s.Count, "softmax: x");
        Expect.Length(y, s.Count, "softmax: y");
        if (s.Count > 0) _forward(Groups(s), x, y, s.Classes);
    }

    public void Backward(View y, View dy, View dx, SoftmaxShape s)
    {
        CheckBackward(y, dy, dx, s);
        if (s.Count > 0) _backward(Groups(s), y, dy, dx, s.Classes);
    }

    public void LogForward(View x, View y, SoftmaxShape s)
    {
        Expect.Length(x, s.Count, "log softmax: x");
        Expect.Length(y, s.Count, "log softmax: y");
        if (s.Count > 0) _logForward(Groups(s), x, y, s.Classes);
    }

    public void LogBackward(View y, View dy, View dx, SoftmaxShape s)
    {
        CheckBackward(y, dy, dx, s);
        if (s.Count > 0) _logBackward(Groups(s), y, dy, dx, s.Classes);
    }

    public void Odds(View x, IntView labels, View scores, SoftmaxShape s)
    {
        s.CheckOdds(x, labels, scores);
        if (s.Count > 0) _odds(Groups(s), x, labels, scores, s.Classes);
    }

    public void CrossEntropyForward(View x, IntView labels, View classWeights, View loss, View probabilities, SoftmaxShape s)
    {
        Forward(x, probabilities, s);
        _losses.CrossEntropy(x, labels, classWeights, loss, probabilities, s);
    }

    public void CrossEntropyBackward(View probabilities, IntView labels, View classWeights, View dloss, View dx, SoftmaxShape s) =>
        _losses.CrossEntropyBackward(probabilities, labels, classWeights, dloss, dx, s);

    public void BinaryCrossEntropyForward(View x, View targets, float positiveWeight, View loss) => _losses.BinaryCrossEntropyForward(x, targets, positiveWeight, loss);

    public void BinaryCrossEntropyBackward(View x, View targets, float positiveWeight, View dloss, View dx) =>
        _losses.BinaryCrossEntropyBackward(x, targets, positiveWeight, dloss, dx);

    static void CheckBackward(View y, View dy, View dx, SoftmaxShape s)
    {
        Expect.Length(y, s.Count, "softmax: y");
        Expect.Length(dy, s.Count, "softmax: dy");
        Expect.Length(dx, s.Count, "softmax: dx");
    }

    static KernelConfig Groups(SoftmaxShape s) => (s.Rows, GroupReduce.Threads(s.Classes));

    static void ForwardKernel(View x, View y, int classes)
    {
        var shared = SharedMemory.Allocate<float>(GroupReduce.MaxThreads);
        int row = Grid.IdxX * classes;
        float max = Max(x, row, classes, shared), sum = ExpSum(x, row, classes, max, shared);
        for (int c = Group.IdxX; c < classes; c += Group.DimX) y[row + c] = XMath.Exp(x[row + c] - max) / sum;
    }

    static void LogForwardKernel(View x, View y, int classes)
    {
        var shared = SharedMemory.Allocate<float>(GroupReduce.MaxThreads);
        int row = Grid.IdxX * classes;
        float max = Max(x, row, classes, shared), logSum = XMath.Log(ExpSum(x, row, classes, max, shared));
        for (int c = Group.IdxX; c < classes; c += Group.DimX) y[row + c] = x[row + c] - max - logSum;
    }

    static void BackwardKernel(View y, View dy, View dx, int classes)
    {
        var shared = SharedMemory.Allocate<float>(GroupReduce.MaxThreads);
        int row = Grid.IdxX * classes;
        float dot = 0f;
        for (int c = Group.IdxX; c < classes; c += Group.DimX) dot += y[row + c] * dy[row + c];
        dot = GroupReduce.All<Sum>(dot, shared);
        for (int c = Group.IdxX; c < classes; c += Group.DimX) dx[row + c] = y[row + c] * (dy[row + c] - dot);
    }

    static void LogBackwardKernel(View y, View dy, View dx, int classes)
    {
        var shared = SharedMemory.Allocate<float>(GroupReduce.MaxThreads);
        int row = Grid.IdxX * classes;
        float sum = 0f;
        for (int c = Group.IdxX; c < classes; c += Group.DimX) sum += dy[row + c];
        sum = GroupReduce.All<Sum>(sum, shared);
        for (int c = Group.IdxX; c < classes; c += Group.DimX) dx[row + c] = dy[row + c] - XMath.Exp(y[row + c]) * sum;
    }

    static void OddsKernel(View x, IntView labels, View scores, int classes)
    {
        var shared = SharedMemory.Allocate<float>(GroupReduce.MaxThreads);
        int row = Grid.IdxX * classes, label = labels[Grid.IdxX];
        float z = (uint)label < (uint)classes ? x[row + label] : float.NaN, odds = 0f;
        for (int c = Group.IdxX; c < classes; c += Group.DimX)
            if (c != label) odds += XMath.Exp(x[row + c] - z);
        odds = GroupReduce.All<Sum>(odds, shared);
        if (Group.IdxX != 0) return;
        scores[2 * Grid.IdxX] = z;
        scores[2 * Grid.IdxX + 1] = odds;
    }

    static float Max(View x, int row, int classes, View shared)
    {
        float max = float.NegativeInfinity;
        for (int c = Group.IdxX; c < classes; c += Group.DimX) max = Maximum.Value(max, x[row + c]);
        return GroupReduce.All<Maximum>(max, shared);
    }

    static float ExpSum(View x, int row, int classes, float max, View shared)
    {
        float sum = 0f;
        for (int c = Group.IdxX; c < classes; c += Group.DimX) sum += XMath.Exp(x[row + c] - max);
        return GroupReduce.All<Sum>(sum, shared);
    }
}
