using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

/// <summary>Loops over blocked maps that the threads share.</summary>
readonly struct BlockedLoops(Team team)
{
    /// <summary>Bodies are compiled well at once: a network passes through each but a few times per image.</summary>
    public const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization;

    /// <param name="floats">That a row reads and writes, about.</param>
    public void Rows(int count, int floats, Action<int> row) => team.For(count, Math.Max(1, Team.Grain / Math.Max(1, floats)), (from, to) =>
    {
        for (int i = (int)from; i < to; i++) row(i);
    });

    /// <summary>Every row of every map: block, image, row, and where in the data it begins.</summary>
    public void MapRows(BlockedMaps y, int floats, Action<int, int, int, nint> row) => Rows(y.Blocks * y.N * y.H, floats, i =>
    {
        int block = i / (y.N * y.H), rest = i % (y.N * y.H);
        row(block, rest / y.H, rest % y.H, block * y.Step + (nint)rest * y.W * BlockedMaps.Lanes);
    });

    /// <summary>Stretches of the pixels of a block of channels: block, first pixel, count.</summary>
    public void Pieces(in BlockedMaps maps, Action<int, int, int> piece)
    {
        const int pixels = 256;
        int all = maps.Pixels, pieces = (all + pixels - 1) / pixels;
        Rows(maps.Blocks * pieces, pixels * BlockedMaps.Lanes, i => piece(i / pieces, i % pieces * pixels, Math.Min(pixels, all - i % pieces * pixels)));
    }
}

/// <summary>What happens to a value before it is stored: residual, ReLU, gate.</summary>
readonly unsafe struct BlockedEnd<V>(ConvUse use) where V : struct, ILanes<V>
{
    const int Lanes = BlockedMaps.Lanes;

    readonly float* _residual = use.Residual.Length > 0 ? use.Residual.Data : null;
    readonly ushort* _gate = use.Gate.Length > 0 ? use.Gate.Data : null;
    readonly float _least = use.Relu ? 0 : float.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(V v, float* y, nint at)
    {
        if (_residual != null) v += V.Load(_residual + at);
        v = V.AtLeast(V.Broadcast(_least), v);
        if (_gate != null) v &= V.Mask(_gate[at / Lanes] >> (int)(at % Lanes));
        v.Store(y + at);
    }
}
