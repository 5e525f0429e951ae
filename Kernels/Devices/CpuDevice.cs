using System.Runtime.Intrinsics;

namespace IlgpuXai.Kernels;

/// <summary>The processor: SIMD implementations of every family on a team of threads.</summary>
public sealed class CpuDevice : Device
{
    readonly Team _team;

    readonly int _vectorBits;

    /// <param name="threads">0 takes all cores.</param>
    /// <param name="vectorBits">Width of the vectors in products and convolutions: 512, 256 or 128; 0 takes the widest that the processor has. A wider one runs, slowly.</param>
    /// <param name="memory">Where buffers lie; null for the host's pages.</param>
    public CpuDevice(int threads = 0, int vectorBits = 0, IMemory? memory = null) : base(memory ?? new PagedMemory())
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        _team = new Team(threads == 0 ? Environment.ProcessorCount : threads);
        _vectorBits = vectorBits == 0 ? WidestVector : vectorBits;
        (MatMul, Conv2d, Blocked) = _vectorBits switch
        {
            512 => Products<Lanes512>(),
            256 => Products<Lanes256>(),
            128 => Products<Lanes128>(),
            _ => throw new ArgumentOutOfRangeException(nameof(vectorBits), vectorBits, "vectors have 512, 256 or 128 bits"),
        };
        Pool2d = new CpuPool2d(_team);
        Unary = new CpuUnary(_team);
        Binary = new CpuBinary(_team);
        Reduce = new CpuReduce(_team);
        Softmax = new CpuSoftmax(_team);
        Slice = new CpuSlice(_team);
        Dropout = new CpuDropout(_team);
        Optimize = new CpuOptimize(_team);
        Occlude = new CpuOcclude(_team);
        Path = new CpuPath(_team);
        BatchNorm = new CpuBatchNorm(_team);
        Resize = new CpuResize(_team);
    }

    public override string Name => "cpu";
    public override string Description => $"{_team.Size} threads, {_vectorBits}-bit vectors";

    public override IMatMul MatMul { get; }
    public override IConv2d Conv2d { get; }
    public override IPool2d Pool2d { get; }
    public override IBatchNorm BatchNorm { get; }
    public override IUnaryKernels Unary { get; }
    public override IBinaryKernels Binary { get; }
    public override IReduce Reduce { get; }
    public override ISoftmax Softmax { get; }
    public override ISlice Slice { get; }
    public override IResize Resize { get; }
    public override IDropout Dropout { get; }
    public override IOptimize Optimize { get; }
    public override IOcclude Occlude { get; }
    public override IPath Path { get; }
    public override IBlockedKernels Blocked { get; }

    (IMatMul, IConv2d, IBlockedKernels) Products<V>() where V : struct, ILanes<V> =>
        (new CpuMatMul<V>(_team, this), new CpuConv2d<V>(_team, this), new BlockedKernels<V>(_team, this));

    static int WidestVector => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;

    public override void Dispose()
    {
        base.Dispose();
        _team.Dispose();
    }
}
