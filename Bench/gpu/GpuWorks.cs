using IlgpuXai.Kernels;

namespace IlgpuXai.Bench;

/// <summary>The work behind a row.</summary>
static class GpuWorks
{
    public static IWork Create(GpuCase what, Device device) => what switch
    {
        { Op: "matmul", Dims: [var m, var n, var k] } => new MatMulWork(device, new(m, n, k)),
        { Op: "conv2d forward" } => new Conv2dWork(device, Layer(what.Dims), static (d, x, w, y, s) => d.Conv2d.Forward(x, w, View.Empty, y, s)),
        { Op: "conv2d input gradient" } => new Conv2dWork(device, Layer(what.Dims), static (d, x, w, y, s) => d.Conv2d.BackwardInput(y, w, x, s)),
        { Op: "conv2d weight gradient" } => new Conv2dWork(device, Layer(what.Dims), static (d, x, w, y, s) => d.Conv2d.BackwardWeight(x, y, w, s)),
        { Op: "relu", Dims: [var length] } => new ArraysWork(device, [length, length], v => device.Unary.Forward<Relu>(v[0], v[1])),
        { Op: "tanh", Dims: [var length] } => new ArraysWork(device, [length, length], v => device.Unary.Forward<Tanh>(v[0], v[1])),
        { Op: "add", Dims: [var length] } => Sum(device, length),
        { Op: "softmax", Dims: [var rows, var classes] } => new ArraysWork(device, [rows * classes, rows * classes], v => device.Softmax.Forward(v[0], v[1], new(rows, classes))),
        { Op: "sum", Dims: [var length] } => new ArraysWork(device, [length, 1], v => device.Reduce.Along<Sum>(v[0], v[1], 1f, new(1, length, 1))),
        { Op: "batch norm inference", Dims: [var n, var c, var side] } => new ArraysWork(device, [n * c * side * side, n * c * side * side, c, c],
            v => device.BatchNorm.InferenceForward(v[0], v[2], v[2], v[2], v[3], v[1], new(n, c, side * side, 1e-5f)), positive: 3),
        { Op: "batch norm training", Dims: [var n, var c, var side] } => new ArraysWork(device, [n * c * side * side, n * c * side * side, c, c, c, c, c, c],
            v => device.BatchNorm.TrainingForward(v[0], v[2], v[3], v[4], v[5], 0.1f, v[1], v[6], v[7], new(n, c, side * side, 1e-5f)), positive: 5),
        { Op: "max-pool", Dims: [var n, var c, var side] } => new PoolWork(device, new(n * c, side, side, 3, 3, 2, 2, 1, 1)),
        { Op: "adam", Dims: [var length] } => new ArraysWork(device, [length, length, length, length], v => device.Optimize.Adam(v[0], v[1], v[2], v[3], new(1e-3, 0.9, 0.999, 1e-8, 0, false, 100)), positive: 3),
        _ => throw new ArgumentException($"no work is called '{what.Op}'"),
    };

    static Conv2dShape Layer(int[] d) => new(d[0], d[1], d[2], d[2], d[3], d[4], d[4], d[5], d[5], d[4] / 2, d[4] / 2);

    static ArraysWork Sum(Device device, int length)
    {
        var shape = BroadcastShape.Of([length], [length]);
        return new(device, [length, length, length], v => device.Binary.Forward<Add>(v[0], v[1], v[2], shape));
    }
}

/// <summary>An operation on arrays of random values.</summary>
/// <param name="positive">The array that holds ones: variances.</param>
sealed class ArraysWork(Device device, int[] lengths, Action<View[]> run, int positive = -1) : IWork
{
    readonly DeviceBuffer<float>[] _arrays = [.. lengths.Select((length, i) => i == positive ? Ones(device, length) : Random01.Buffer(device, length, i + 1))];

    public void Run() => run([.. _arrays.Select(a => a.View)]);

    public void Dispose() => Array.ForEach(_arrays, a => a.Dispose());

    static DeviceBuffer<float> Ones(Device device, int length)
    {
        var ones = device.Allocate<float>(length);
        device.Fill(ones.View, 1f);
        return ones;
    }
}

sealed class PoolWork(Device device, Pool2dShape s) : IWork
{
    readonly DeviceBuffer<float> _x = Random01.Buffer(device, s.Planes * s.H * s.W, 1), _y = device.Allocate<float>(s.Planes * s.P * s.Q);
    readonly DeviceBuffer<int> _argmax = device.Allocate<int>(s.Planes * s.P * s.Q);

    public void Run() => device.Pool2d.MaxForward(_x.View, _y.View, _argmax.View, s);

    public void Dispose()
    {
        _x.Dispose();
        _y.Dispose();
        _argmax.Dispose();
    }
}
