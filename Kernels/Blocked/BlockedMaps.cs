namespace IlgpuXai.Kernels;

/// <summary>Activations of N images in blocks of 16 channels, the block outermost: [⌈C/16⌉][N][H][W][16].</summary>
/// <remarks>
/// All pixels of all images are one flat row per block: a 1×1 convolution is a plain matrix product, tiles run across the borders of images,
/// and joining channels is appending blocks. Lanes beyond C hold zeros.
/// </remarks>
public readonly record struct BlockedMaps
{
    /// <summary>Channels of a block.</summary>
    public const int Lanes = 16;

    public BlockedMaps(View data, int n, int c, int h, int w)
    {
        (Data, N, C, H, W) = (data, n, c, h, w);
        Expect.Length(data, Floats(n, c, h, w), "blocked maps");
    }

    public View Data { get; }
    public int N { get; }
    public int C { get; }
    public int H { get; }
    public int W { get; }

    public int Blocks => BlocksOf(C);

    /// <summary>Of all images.</summary>
    public int Pixels => N * H * W;

    /// <summary>Floats from one block to the next.</summary>
    internal nint Step => (nint)Pixels * Lanes;

    internal unsafe float* Start => Data.Data;

    public static int BlocksOf(int channels) => (channels + Lanes - 1) / Lanes;

    public static long Floats(int n, int c, int h, int w) => (long)BlocksOf(c) * n * h * w * Lanes;
}
