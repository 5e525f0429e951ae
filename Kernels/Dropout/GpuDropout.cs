using ILGPU;

namespace IlgpuXai.Kernels;

/// <summary>One thread per four elements, which is what one Philox block serves.</summary>
sealed class GpuDropout(IKernelRunner runner) : IDropout
{
    readonly Action<Index1D, View, View, uint, float, ulong, ulong> _apply = runner.LoadAuto<View, View, uint, float, ulong, ulong>(ApplyKernel);

    public void Apply(View x, View y, DropoutDraw draw)
    {
        Expect.Length(y, x.Length, "dropout: y");
        _apply((x.IntLength + 3) / 4, x, y, draw.Threshold, draw.Scale, draw.Stream, draw.Seed);
    }

    static void ApplyKernel(Index1D block, View x, View y, uint threshold, float scale, ulong stream, ulong seed)
    {
        var words = Philox.Block((ulong)block.X, stream, seed);
        Keep(4 * block, words.Word0, x, y, threshold, scale);
        Keep(4 * block + 1, words.Word1, x, y, threshold, scale);
        Keep(4 * block + 2, words.Word2, x, y, threshold, scale);
        Keep(4 * block + 3, words.Word3, x, y, threshold, scale);
    }

    static void Keep(int i, uint word, View x, View y, uint threshold, float scale)
    {
        if (i < x.Length) y[i] = word >= threshold ? scale * x[i] : 0f;
    }
}
