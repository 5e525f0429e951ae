using IlgpuXai.Engine;

namespace IlgpuXai.Tests;

/// <summary>One operation on tensors and its definition, tried on random inputs of the given shapes and range.</summary>
sealed record OpCase(string Name, int[][] Inputs, Func<Tensor[], Tensor> Op, Func<Nd[], Nd> Definition, double Low = -1, double High = 1, double Rtol = 2e-5, double Atol = 3e-6)
{
    public override string ToString() => Name;
}

static class OpCases
{
    static readonly int[] Labels = [2, 0, 4, 1, 2, 3];
    static readonly float[] ClassWeights = [0.5f, 2f, 1.25f, 0.75f, 3f];

    public static IEnumerable<OpCase> All => [.. Layers, .. Elementwise, .. Reductions, .. Shapes, .. Losses];

    static OpCase[] Layers =>
    [
        new("conv2d", [[2, 3, 5, 7], [4, 3, 3, 2], [4]], t => t[0].Conv2d(t[1], t[2]), n => OpDefinitions.Conv2d(n[0], n[1], n[2], 1, 1, 0, 0, 1, 1)),
        new("conv2d: stride, padding, dilation per axis, groups, no bias", [[2, 4, 9, 8], [6, 2, 3, 2]],
            t => t[0].Conv2d(t[1], stride: (2, 1), padding: (1, 2), dilation: 2, groups: 2), n => OpDefinitions.Conv2d(n[0], n[1], null, 2, 1, 1, 2, 2, 2)),
        new("linear", [[3, 5], [4, 5], [4]], t => t[0].Linear(t[1], t[2]), n => OpDefinitions.Sum([3, 4], 5, (at, k) => n[0][at[0], k] * n[1][at[1], k] + n[2][at[1]] / 5)),
        new("linear on rows of a larger tensor, no bias", [[2, 3, 5], [4, 5]], t => t[0].Linear(t[1]), n => OpDefinitions.Sum([2, 3, 4], 5, (at, k) => n[0][at[0], at[1], k] * n[1][at[2], k])),
        new("matmul", [[3, 5], [5, 4]], t => t[0].MatMul(t[1]), n => OpDefinitions.Sum([3, 4], 5, (at, k) => n[0][at[0], k] * n[1][k, at[1]])),
        new("matmul of batches", [[2, 3, 5], [2, 5, 4]], t => t[0].MatMul(t[1]), n => OpDefinitions.Sum([2, 3, 4], 5, (at, k) => n[0][at[0], at[1], k] * n[1][at[0], k, at[2]])),
        new("matmul of a batch with one matrix", [[2, 3, 5], [5, 4]], t => t[0].MatMul(t[1]), n => OpDefinitions.Sum([2, 3, 4], 5, (at, k) => n[0][at[0], at[1], k] * n[1][k, at[2]])),
        new("max-pool", [[2, 3, 7, 6]], t => t[0].MaxPool2d(3, stride: 2, padding: 1), n => OpDefinitions.Pool(n[0], 3, 2, 1, max: true)),
        new("max-pool, stride as the kernel", [[2, 3, 7, 6]], t => t[0].MaxPool2d(2), n => OpDefinitions.Pool(n[0], 2, 2, 0, max: true)),
        new("average pool", [[2, 3, 7, 6]], t => t[0].AvgPool2d(3, stride: 2, padding: 1), n => OpDefinitions.Pool(n[0], 3, 2, 1, max: false)),
        new("adaptive pool", [[2, 3, 7, 5]], t => t[0].AdaptiveAvgPool2d((3, 2)), n => OpDefinitions.AdaptivePool(n[0], 3, 2)),
        new("global pool", [[2, 3, 7, 5]], t => t[0].AdaptiveAvgPool2d(1), n => OpDefinitions.AdaptivePool(n[0], 1, 1)),
        new("batch norm, training", [[4, 3, 5, 2], [3], [3]],
            t => t[0].BatchNormTraining(t[1], t[2], t[0].Device.Zeros([3]), t[0].Device.Full([3], 1)),
            n => OpDefinitions.BatchNorm(n[0], n[1], n[2], c => OpDefinitions.Moments(n[0], c), 1e-5), Atol: 1e-5),
        new("batch norm, inference", [[4, 3, 5, 2], [3], [3]],
            t => t[0].BatchNormInference(t[1], t[2], t[0].Device.Tensor([3], [0.5f, -0.25f, 2f]), t[0].Device.Tensor([3], [2f, 0.5f, 0.125f]), eps: 0.0625f),
            n => OpDefinitions.BatchNorm(n[0], n[1], n[2], c => (new[] { 0.5, -0.25, 2 }[c], new[] { 2, 0.5, 0.125 }[c]), 0.0625)),
        new("bilinear resize, larger", [[2, 3, 4, 5]], t => t[0].Resize((7, 9)), n => OpDefinitions.Bilinear(n[0], 7, 9)),
        new("bilinear resize, smaller", [[2, 7, 9]], t => t[0].Resize((4, 5)), n => OpDefinitions.Bilinear(n[0], 4, 5)),
        new("nearest resize", [[2, 3, 4, 5]], t => t[0].Resize((7, 3), Interpolation.Nearest), n => Nd.From([2, 3, 7, 3], at => n[0][at[0], at[1], at[2] * 4 / 7, at[3] * 5 / 3])),
    ];

    static OpCase[] Elementwise =>
    [
        Unary("relu", t => t.Relu(), v => Math.Max(v, 0)),
        Unary("sigmoid", t => t.Sigmoid(), v => 1 / (1 + Math.Exp(-v))),
        Unary("tanh", t => t.Tanh(), Math.Tanh),
        Unary("gelu", t => t.Gelu(), UnaryDefinitions.Gelu),
        Unary("silu", t => t.Silu(), v => v / (1 + Math.Exp(-v))),
        Unary("softplus", t => t.Softplus(), v => Math.Log(1 + Math.Exp(v))),
        Unary("exp", t => t.Exp(), Math.Exp),
        Unary("log", t => t.Log(), Math.Log, 0.2, 3),
        Unary("sqrt", t => t.Sqrt(), Math.Sqrt, 0.2, 3),
        Unary("square", t => t.Square(), v => v * v),
        Unary("abs", t => t.Abs(), Math.Abs),
        Unary("negate", t => t.Negate(), v => -v),
        Unary("reciprocal", t => t.Reciprocal(), v => 1 / v, 0.3, 3),
        Unary("affine", t => (2.5f * t - 0.75f) / 1.25f + 3 - t, v => (2.5 * v - 0.75) / 1.25 + 3 - v),
        Binary("a + b", (a, b) => a + b, (a, b) => a + b),
        Binary("a − b", (a, b) => a - b, (a, b) => a - b),
        Binary("a·b", (a, b) => a * b, (a, b) => a * b),
        Binary("a/b", (a, b) => a / b, (a, b) => a / b, 0.4, 2),
        Binary("aᵇ", (a, b) => a.Power(b), Math.Pow, 0.4, 2),
        Binary("maximum", (a, b) => a.Maximum(b), Math.Max),
        Binary("minimum", (a, b) => a.Minimum(b), Math.Min),
        new("a + b, one number each way", [[], [2, 3]], t => t[0] + t[1], n => OpDefinitions.Binary(n[0], n[1], (a, b) => a + b)),
        new("a·b with itself", [[2, 3]], t => t[0] * t[0], n => n[0].Map(v => v * v)),
    ];

    static OpCase[] Reductions =>
    [
        Reduce("sum of all", [0, 1, 2, 3], x => x.Sum(), g => g.Sum()),
        Reduce("sum over the last axis", [3], x => x.Sum([-1]), g => g.Sum()),
        Reduce("sum over inner axes", [2, 3], x => x.Sum([2, 3]), g => g.Sum()),
        Reduce("sum over axes apart", [0, 2], x => x.Sum([2, 0]), g => g.Sum()),
        Reduce("sum over axes apart, kept", [1, 3], x => x.Sum([1, 3], keepDim: true), g => g.Sum(), keepDim: true),
        Reduce("mean of all", [0, 1, 2, 3], x => x.Mean(), g => g.Average()),
        Reduce("mean over axes apart", [0, 2, 3], x => x.Mean([0, 2, 3]), g => g.Average()),
        Reduce("mean over one axis, kept", [1], x => x.Mean([1], keepDim: true), g => g.Average(), keepDim: true),
        Reduce("max of all", [0, 1, 2, 3], x => x.Max(), g => g.Max()),
        Reduce("max over axes apart", [1, 3], x => x.Max([1, 3]), g => g.Max()),
        Reduce("max over one axis, kept", [2], x => x.Max([2], keepDim: true), g => g.Max(), keepDim: true),
    ];

    static OpCase[] Shapes =>
    [
        new("reshape", [[2, 3, 4]], t => t[0].Reshape(4, -1), n => new([4, 6], n[0].Values)),
        new("flatten", [[2, 3, 4]], t => t[0].Flatten(), n => new([2, 12], n[0].Values)),
        new("slice of the first axis", [[5, 3, 2]], t => t[0].Slice(0, 1, 3), n => Nd.From([3, 3, 2], at => n[0][at[0] + 1, at[1], at[2]])),
        new("slice of an inner axis", [[2, 5, 3]], t => t[0].Slice(1, 2, 2), n => Nd.From([2, 2, 3], at => n[0][at[0], at[1] + 2, at[2]])),
        new("slice of the last axis", [[2, 3, 5]], t => t[0].Slice(-1, 0, 4), n => Nd.From([2, 3, 4], at => n[0][at])),
        new("concat", [[2, 1, 3], [2, 4, 3], [2, 2, 3]], t => Tensor.Concat(1, t[0], t[1], t[2]),
            n => Nd.From([2, 7, 3], at => at[1] < 1 ? n[0][at] : at[1] < 5 ? n[1][at[0], at[1] - 1, at[2]] : n[2][at[0], at[1] - 5, at[2]])),
    ];

    static OpCase[] Losses =>
    [
        new("softmax", [[3, 2, 5]], t => t[0].Softmax(), n => OpDefinitions.LogSoftmax(n[0]).Map(Math.Exp), -3, 3),
        new("log-softmax", [[6, 5]], t => t[0].LogSoftmax(), n => OpDefinitions.LogSoftmax(n[0]), -3, 3),
        new("cross-entropy", [[6, 5]], t => t[0].CrossEntropy(Labels), n => OpDefinitions.CrossEntropy(n[0], Labels, [1, 1, 1, 1, 1]), -3, 3),
        new("cross-entropy, weighted", [[6, 5]], t => t[0].CrossEntropy(Labels, t[0].Device.Tensor([5], ClassWeights)),
            n => OpDefinitions.CrossEntropy(n[0], Labels, [.. ClassWeights.Select(w => (double)w)]), -3, 3),
        new("mean squared error", [[2, 3], [2, 3]], t => t[0].MeanSquaredError(t[1]), n => new([], [n[0].Values.Zip(n[1].Values, (a, b) => (a - b) * (a - b)).Average()])),
        new("binary cross-entropy", [[2, 3]], t => t[0].BinaryCrossEntropyWithLogits(t[0].Device.Tensor([2, 3], [0, 1, 0.25f, 1, 0, 0]), positiveWeight: 2.5f),
            n => OpDefinitions.BinaryCrossEntropy(n[0], new([2, 3], [0, 1, 0.25, 1, 0, 0]), 2.5), -3, 3),
    ];

    static OpCase Unary(string name, Func<Tensor, Tensor> op, Func<double, double> definition, double low = -2, double high = 2) =>
        new(name, [[3, 7, 5]], t => op(t[0]), n => n[0].Map(definition), low, high);

    // Both operands are broadcast: along an axis of size 1, and along one that is missing.
    static OpCase Binary(string name, Func<Tensor, Tensor, Tensor> op, Func<double, double, double> definition, double low = -1, double high = 1) =>
        new(name, [[2, 1, 5], [4, 3, 1]], t => op(t[0].Reshape(2, 1, 1, 5), t[1]), n => OpDefinitions.Binary(new([2, 1, 1, 5], n[0].Values), n[1], definition), low, high);

    static OpCase Reduce(string name, int[] axes, Func<Tensor, Tensor> op, Func<List<double>, double> fold, bool keepDim = false) =>
        new(name, [[2, 3, 4, 5]], t => op(t[0]), n => OpDefinitions.Reduce(n[0], axes, keepDim, fold));
}
