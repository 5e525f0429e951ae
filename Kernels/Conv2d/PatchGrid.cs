namespace IlgpuXai.Kernels;

/// <summary>The pixels and taps of a convolution once its stride is gone: grid pixel (n, p, q) and tap t read plane pixel (p + TapH[t], q + TapW[t]).</summary>
/// <remarks>
/// A plane belongs to one channel and, for strides above 1, to one phase: phase (i, j) keeps rows i, i + StrideH, … and columns j, j + StrideW, …
/// Backward passes have no stride either: dx's pixels of one phase are a grid over dy (see <see cref="OverGradient"/>).
/// Outside a plane everything is 0.
/// </remarks>
readonly unsafe struct PatchGrid
{
    public readonly float* Data;
    public readonly long Length, ImageStride, ChannelStride;
    public readonly int N, H, W, P, Q;

    /// <summary>Per tap: offset of the phase's plane inside the channel, and the shift of rows and columns.</summary>
    public readonly int[] TapPlane, TapH, TapW;

    PatchGrid(float* data, long length, long imageStride, long channelStride, (int N, int H, int W, int P, int Q) size, int[] tapPlane, int[] tapH, int[] tapW)
    {
        Data = data;
        (Length, ImageStride, ChannelStride) = (length, imageStride, channelStride);
        (N, H, W, P, Q) = size;
        (TapPlane, TapH, TapW) = (tapPlane, tapH, tapW);
    }

    public int Taps => TapH.Length;
    public int Pixels => N * P * Q;

    /// <summary>Forward: y's pixels over x's planes. With a stride, x is first split into phases, into a buffer that the caller owns.</summary>
    public static PatchGrid OverInput<V>(View x, Conv2dShape s, Team team, Device device, out DeviceBuffer<float>? phases) where V : struct, ILanes<V>
    {
        if (s is { R: 1, S: 1, StrideH: 1, StrideW: 1, PadH: 0, PadW: 0 })              // rows follow each other without a border: one long row
        {
            phases = null;
            return new(x.Data, x.Length, (long)s.C * s.PQ, s.PQ, (s.N, 1, s.PQ, 1, s.PQ), [0], [0], [0]);
        }
        int[] tapH = new int[s.R * s.S], tapW = new int[s.R * s.S];
        for (int t = 0; t < tapH.Length; t++) (tapH[t], tapW[t]) = (t / s.S * s.DilationH - s.PadH, t % s.S * s.DilationW - s.PadW);
        return Strided<V>(x, (s.N, s.C, s.H, s.W), (s.P, s.Q), (s.StrideH, s.StrideW), tapH, tapW, team, device, out phases);
    }

    // Tap t of grid pixel (p, q) reads x's pixel (p·stride + tapH[t], q·stride + tapW[t]).
    static PatchGrid Strided<V>(View x, (int N, int C, int H, int W) input, (int P, int Q) grid, (int H, int W) stride, int[] tapH, int[] tapW,
        Team team, Device device, out DeviceBuffer<float>? phases) where V : struct, ILanes<V>
    {
        int planeH = (input.H + stride.H - 1) / stride.H, planeW = (input.W + stride.W - 1) / stride.W, plane = planeH * planeW;
        int[] tapPlane = new int[tapH.Length];
        List<(int H, int W)> used = [];
        for (int t = 0; t < tapH.Length; t++)
        {
            (int h, int w) = (FloorDiv(tapH[t], stride.H), FloorDiv(tapW[t], stride.W));
            var phase = (tapH[t] - h * stride.H, tapW[t] - w * stride.W);
            if (!used.Contains(phase)) used.Add(phase);
            (tapPlane[t], tapH[t], tapW[t]) = (used.IndexOf(phase) * plane, h, w);
        }
        long channelStride = (long)used.Count * plane, length = input.N * input.C * channelStride;
        phases = null;
        float* data = x.Data;
        if (stride.H > 1 || stride.W > 1)
        {
            phases = device.Allocate<float>(length);
            data = phases.View.Data;
            StridePhases.Split<V>(x.Data, data, [.. used], input, stride, (planeH, planeW), team);
        }
        return new(data, length, input.C * channelStride, channelStride, (input.N, planeH, planeW, grid.P, grid.Q), tapPlane, tapH, tapW);
    }

    /// <summary>Backward: the pixels of dx whose row is h0 mod StrideH and column w0 mod StrideW, over dy's planes; <paramref name="kernelTaps"/> are the positions in the kernel that reach them.</summary>
    public static PatchGrid OverGradient(View dy, Conv2dShape s, int h0, int w0, out int[] kernelTaps)
    {
        List<int> kernel = [], tapH = [], tapW = [];
        for (int r = 0; r < s.R; r++)
        for (int t = 0; t < s.S; t++)
        {
            int h = h0 + s.PadH - r * s.DilationH, w = w0 + s.PadW - t * s.DilationW;
            if (h % s.StrideH != 0 || w % s.StrideW != 0) continue;
            kernel.Add(r * s.S + t);
            tapH.Add(h / s.StrideH);
            tapW.Add(w / s.StrideW);
        }
        kernelTaps = [.. kernel];
        int rows = (s.H - h0 + s.StrideH - 1) / s.StrideH, columns = (s.W - w0 + s.StrideW - 1) / s.StrideW;
        var size = kernelTaps.Length == 1 && tapH[0] == 0 && tapW[0] == 0 && rows == s.P && columns == s.Q ? (s.N, 1, s.PQ, 1, s.PQ) : (s.N, s.P, s.Q, rows, columns);
        return new(dy.Data, (long)s.K * s.NPQ, (long)s.K * s.PQ, s.PQ, size, new int[kernelTaps.Length], [.. tapH], [.. tapW]);
    }

    static int FloorDiv(int a, int b) => a >= 0 ? a / b : -((-a + b - 1) / b);
}
