namespace IlgpuXai.Kernels;

/// <summary>Operations between blocked maps, for plans of frozen networks.</summary>
/// <remarks>Outputs are overwritten; a residual may be the output itself, which is then added to. The same pixels give the same bits whatever the number of threads, the batch, and where a map is cut, except with Winograd's filtering, whose tiles begin at the map's corner.</remarks>
public interface IBlockedKernels
{
    /// <summary>A convolution packed for repeated runs. The weights may be freed afterwards.</summary>
    /// <param name="bias">[K] or empty.</param>
    /// <exception cref="ShapeException">The algorithm does not serve this window.</exception>
    BlockedConv Conv(ConvWindow window, ConvAlgorithm algorithm, KernelTaps taps, View bias);

    /// <summary>The same for a first layer: reads images [N, C, H, W]; groups and dilation are 1.</summary>
    ImageConv ImageConv(ConvWindow window, KernelTaps taps, View bias);

    /// <summary>Images [N, C, H, W] to blocks.</summary>
    void Block(View x, in BlockedMaps y);

    /// <summary>Blocks to images [N, C, H, W].</summary>
    void Unblock(in PatchedMaps x, View y);

    /// <summary>All of y's channels ← value; lanes beyond stay zeros.</summary>
    void Fill(in BlockedMaps y, float value);

    /// <summary>Channels first … first + part.C − 1 of whole ← part; nothing to do where it lies there already.</summary>
    void Insert(in BlockedMaps part, in BlockedMaps whole, int first);

    /// <summary>part ← channels first … first + part.C − 1 of whole.</summary>
    void Extract(in BlockedMaps whole, in BlockedMaps part, int first);

    /// <summary>y ← what x says, side by side; <paramref name="outside"/> around the maps.</summary>
    void Gather(in PatchedMaps x, float outside, in BlockedMaps y);

    /// <summary>y = gate(max(x·scale + shift + residual, 0)) per element, each part where it is given: <see cref="ConvUse"/>.</summary>
    void Pointwise(in BlockedMaps x, in BlockedMaps y, in ConvUse use);

    /// <summary>Every strideH-th row and strideW-th column of y, from first on, ← phase + residual, through the gate; phase empty: 0.</summary>
    void Weave(in BlockedMaps phase, in BlockedMaps y, Pixel first, int strideH, int strideW, in ConvUse use);

    /// <summary>Images y [N, C, H, W] from maps whose channels are the pixels of squares: y[n, c, f·a + i, f·b + j] ← x[n, (i·f + j)·C + c, a, b].</summary>
    void Spread(in BlockedMaps x, int f, View y, int c, int h, int w);

    /// <summary>Which values of x·scale + shift are positive, all that the gradient of a ReLU asks of them: [block][pixel], bit i for channel 16·block + i.</summary>
    /// <param name="scale">Per channel, whole blocks, as shift; both empty for x itself.</param>
    void Signs(in BlockedMaps x, View scale, View shift, SignView signs);

    /// <summary>The gradient of max(x·scale + shift, 0) at x: dx ← dy·scale where the sign says that x·scale + shift is positive, else 0; then residual and gate of <paramref name="use"/>, whose scale this is.</summary>
    void RectifiedBackward(in BlockedMaps dy, SignView signs, in BlockedMaps dx, in ConvUse use);

    /// <summary>Points of a line: y[i] ← max(from + at[i]·(to − from), 0), without the maximum where <paramref name="relu"/> is false; from, to: one map each.</summary>
    void Line(in BlockedMaps from, in BlockedMaps to, float[] at, bool relu, in BlockedMaps y);

    /// <summary>sum ← sum + weights[0]·x[0] + weights[1]·x[1] + …, in this order; sum: one map.</summary>
    void AddWeighted(in BlockedMaps x, float[] weights, in BlockedMaps sum);

    IBlockedPools Pools { get; }
}

/// <summary>A row and a column of a map.</summary>
public readonly record struct Pixel(int Y, int X);
