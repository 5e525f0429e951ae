using ILGPU;

namespace IlgpuXai.Kernels;

/// <summary>Convolution as three tiled products over operands that are never stored: patches are addresses.</summary>
sealed class GpuConv2d(IKernelRunner runner, Device device) : IConv2d
{
    // A weight gradient has few tiles and long sums; this many tiles times parts keep a large device busy.
    const int TileEdge = 64, WantedTiles = 256, LeastPart = 512;

    readonly TiledProduct<ForwardProduct, Conv2dShape> _forward = new(runner);
    readonly TiledProduct<InputGradientProduct, Conv2dShape> _input = new(runner);
    readonly TiledProduct<WeightGradientProduct, WeightGradientShape> _weight = new(runner);
    readonly Action<Index1D, View, View, int> _join = runner.LoadAuto<View, View, int>(JoinKernel);
    readonly Action<KernelConfig, View, View, Conv2dShape> _bias = runner.Load<View, View, Conv2dShape>(BiasKernel);

    public void Forward(View x, View w, View bias, View y, Conv2dShape s)
    {
        Check(x, w, y, s);
        if (bias.Length != 0 && bias.Length != s.K) throw new ShapeException($"conv2d: bias has {bias.Length} elements, the output {s.K} channels");
        _forward.Run(w, x, bias, y, s.Groups, s);
    }

    public void BackwardInput(View dy, View w, View dx, Conv2dShape s)
    {
        Check(dx, w, dy, s);
        _input.Run(w, dy, View.Empty, dx, s.Groups, s);
    }

    public void BackwardWeight(View x, View dy, View dw, Conv2dShape s)
    {
        Check(x, dw, dy, s);
        int tiles = s.Groups * ((s.KG + TileEdge - 1) / TileEdge) * ((s.CRS + TileEdge - 1) / TileEdge);
        int parts = Math.Clamp(s.NPQ / LeastPart, 1, Math.Max(1, WantedTiles / Math.Max(1, tiles)));
        if (parts == 1)
        {
            _weight.Run(dy, x, View.Empty, dw, s.Groups, new(s, 1));
            return;
        }
        using var partial = device.Allocate<float>((long)parts * s.WSize);
        _weight.Run(dy, x, View.Empty, partial.View, parts * s.Groups, new(s, parts));
        _join(s.WSize, partial.View, dw, parts);
    }

    public void BackwardBias(View dy, View db, Conv2dShape s)
    {
        Expect.Length(dy, s.YSize, "conv2d: dy");
        Expect.Length(db, s.K, "conv2d: db");
        if (s.K > 0) _bias((s.K, GroupReduce.MaxThreads), dy, db, s);
    }

    static void JoinKernel(Index1D i, View partial, View dw, int parts)
    {
        float sum = 0f;
        for (int part = 0; part < parts; part++) sum += partial[part * dw.IntLength + i];
        dw[i] = sum;
    }

    // A group per output channel.
    static void BiasKernel(View dy, View db, Conv2dShape s)
    {
        var shared = SharedMemory.Allocate<float>(GroupReduce.MaxThreads);
        float sum = 0f;
        for (int i = Group.IdxX; i < s.NPQ; i += Group.DimX) sum += dy[(i / s.PQ * s.K + Grid.IdxX) * s.PQ + i % s.PQ];
        sum = GroupReduce.All<Sum>(sum, shared);
        if (Group.IdxX == 0) db[Grid.IdxX] = sum;
    }

    static void Check(View x, View w, View y, Conv2dShape s)
    {
        Expect.Length(x, s.XSize, "conv2d: x");
        Expect.Length(w, s.WSize, "conv2d: w");
        Expect.Length(y, s.YSize, "conv2d: y");
    }
}
