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
    public static PatchGrid OverInput(View x, Conv2dShape s, Team team, Device device, out DeviceBuffer<float>? phases)
    {
        int taps = s.R * s.S, planeH = (s.H + s.StrideH - 1) / s.StrideH, planeW = (s.W + s.StrideW - 1) / s.StrideW, plane = planeH * planeW;
        int[] tapPlane = new int[taps], tapH = new int[taps], tapW = new int[taps];
        List<(int, int)> used = [];
        for (int t = 0; t < taps; t++)
        {
            int h = t / s.S * s.DilationH - s.PadH, w = t % s.S * s.DilationW - s.PadW;
            (tapH[t], tapW[t]) = (FloorDiv(h, s.StrideH), FloorDiv(w, s.StrideW));
            var phase = (h - tapH[t] * s.StrideH, w - tapW[t] * s.StrideW);
            int index = used.IndexOf(phase);
            if (index < 0) { index = used.Count; used.Add(phase); }
            tapPlane[t] = index * plane;
        }
        phases = null;
        float* data = x.Data;
        long channelStride = (long)used.Count * plane, length = s.N * s.C * channelStride;
        if (s.StrideH > 1 || s.StrideW > 1)
        {
            phases = device.Allocate<float>(length);
            data = phases.View.Data;
            Split(x.Data, data, [.. used], s, planeH, planeW, team);
        }
        else if (taps == 1 && tapH[0] == 0 && tapW[0] == 0)              // rows follow each other without a border: one long row
            return new(data, length, s.C * channelStride, channelStride, (s.N, 1, s.PQ, 1, s.PQ), tapPlane, tapH, tapW);
        return new(data, length, s.C * channelStride, channelStride, (s.N, planeH, planeW, s.P, s.Q), tapPlane, tapH, tapW);
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

    static void Split(float* x, float* planes, (int H, int W)[] phases, Conv2dShape s, int planeH, int planeW, Team team) =>
        team.For((long)s.N * s.C, 1, (from, to) =>
        {
            for (long channel = from; channel < to; channel++)
            for (int i = 0; i < phases.Length; i++)
            for (int p = 0; p < planeH; p++)
            {
                float* row = planes + ((channel * phases.Length + i) * planeH + p) * planeW;
                int h = p * s.StrideH + phases[i].H;
                float* source = x + (channel * s.H + h) * s.W + phases[i].W;
                int inside = h < s.H ? Math.Max(0, (s.W - phases[i].W + s.StrideW - 1) / s.StrideW) : 0;
                for (int q = 0; q < inside; q++) row[q] = source[q * s.StrideW];
                for (int q = inside; q < planeW; q++) row[q] = 0f;
            }
        });

    static int FloorDiv(int a, int b) => a >= 0 ? a / b : -((-a + b - 1) / b);
}
