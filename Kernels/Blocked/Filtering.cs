using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

/// <summary>Winograd's filtering F(m×m, 3×3): the three transforms, each of 16 channels of one tile at a time.</summary>
unsafe interface IFiltering<V> where V : struct, ILanes<V>
{
    /// <summary>m: pixels of a tile along an axis.</summary>
    static abstract int Tile { get; }

    /// <summary>G, (m + 2) × 3.</summary>
    static abstract double Kernel(int i, int j);

    /// <summary>to[point·step] ← Bᵀ d B; d[row·rowStep + column·16].</summary>
    /// <param name="work">Points² vectors.</param>
    static abstract void Input(float* d, nint rowStep, float* to, nint step, float* work);

    /// <summary>y[(row·m + column)·lanes] ← Aᵀ m A of sums[point·step].</summary>
    static abstract void Output(float* sums, nint step, float* y);
}

/// <summary>F(2×2, 3×3): all constants are 0, ±1, ±½; the error is that of the direct sum.</summary>
readonly unsafe struct Filtering2<V> : IFiltering<V> where V : struct, ILanes<V>
{
    const int Lanes = BlockedMaps.Lanes;
    static readonly double[] s_kernel = [1, 0, 0, 0.5, 0.5, 0.5, 0.5, -0.5, 0.5, 0, 0, 1];

    public static int Tile => 2;
    public static double Kernel(int i, int j) => s_kernel[i * 3 + j];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input(float* d, nint rowStep, float* to, nint step, float* work)
    {
        float* d1 = d + rowStep, d2 = d1 + rowStep, d3 = d2 + rowStep;
        Row(V.Load(d) - V.Load(d2), V.Load(d + Lanes) - V.Load(d2 + Lanes), V.Load(d + 2 * Lanes) - V.Load(d2 + 2 * Lanes), V.Load(d + 3 * Lanes) - V.Load(d2 + 3 * Lanes), to, step);
        Row(V.Load(d1) + V.Load(d2), V.Load(d1 + Lanes) + V.Load(d2 + Lanes), V.Load(d1 + 2 * Lanes) + V.Load(d2 + 2 * Lanes), V.Load(d1 + 3 * Lanes) + V.Load(d2 + 3 * Lanes), to + 4 * step, step);
        Row(V.Load(d2) - V.Load(d1), V.Load(d2 + Lanes) - V.Load(d1 + Lanes), V.Load(d2 + 2 * Lanes) - V.Load(d1 + 2 * Lanes), V.Load(d2 + 3 * Lanes) - V.Load(d1 + 3 * Lanes), to + 8 * step, step);
        Row(V.Load(d1) - V.Load(d3), V.Load(d1 + Lanes) - V.Load(d3 + Lanes), V.Load(d1 + 2 * Lanes) - V.Load(d3 + 2 * Lanes), V.Load(d1 + 3 * Lanes) - V.Load(d3 + 3 * Lanes), to + 12 * step, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Row(V a, V b, V c, V d, float* to, nint step)
    {
        (a - c).Store(to);
        (b + c).Store(to + step);
        (c - b).Store(to + 2 * step);
        (b - d).Store(to + 3 * step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output(float* sums, nint step, float* y)
    {
        Column(sums, step, out var u0, out var l0);
        Column(sums + step, step, out var u1, out var l1);
        Column(sums + 2 * step, step, out var u2, out var l2);
        Column(sums + 3 * step, step, out var u3, out var l3);
        (u0 + u1 + u2).Store(y);
        (u1 - u2 - u3).Store(y + V.Count);
        (l0 + l1 + l2).Store(y + 2 * V.Count);
        (l1 - l2 - l3).Store(y + 3 * V.Count);
    }

    // Points 4 apart: Aᵀ = (1 1 1 0; 0 1 −1 −1).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Column(float* m, nint step, out V upper, out V lower)
    {
        V m0 = V.Load(m), m1 = V.Load(m + 4 * step), m2 = V.Load(m + 8 * step), m3 = V.Load(m + 12 * step);
        upper = m0 + m1 + m2;
        lower = m1 - m2 - m3;
    }
}

/// <summary>F(4×4, 3×3) at the points 0, ±1, ±2, ∞.</summary>
readonly unsafe struct Filtering4<V> : IFiltering<V> where V : struct, ILanes<V>
{
    const int Lanes = BlockedMaps.Lanes;
    static readonly double[] s_kernel =
        [1 / 4.0, 0, 0, -1 / 6.0, -1 / 6.0, -1 / 6.0, -1 / 6.0, 1 / 6.0, -1 / 6.0, 1 / 24.0, 1 / 12.0, 1 / 6.0, 1 / 24.0, -1 / 12.0, 1 / 6.0, 0, 0, 1];

    public static int Tile => 4;
    public static double Kernel(int i, int j) => s_kernel[i * 3 + j];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Input(float* d, nint rowStep, float* to, nint step, float* work)
    {
        for (int j = 0; j < 6; j++)
        {
            float* p = d + j * Lanes, q = work + j * Lanes;
            Six(V.Load(p), V.Load(p + rowStep), V.Load(p + 2 * rowStep), V.Load(p + 3 * rowStep), V.Load(p + 4 * rowStep), V.Load(p + 5 * rowStep), q, 6 * Lanes);
        }
        for (int i = 0; i < 6; i++)
        {
            float* p = work + i * 6 * Lanes;
            Six(V.Load(p), V.Load(p + Lanes), V.Load(p + 2 * Lanes), V.Load(p + 3 * Lanes), V.Load(p + 4 * Lanes), V.Load(p + 5 * Lanes), to + 6 * i * step, step);
        }
    }

    // Bᵀ = (4 0 −5 0 1 0; 0 −4 −4 1 1 0; 0 4 −4 −1 1 0; 0 −2 −1 2 1 0; 0 2 −1 −2 1 0; 0 4 0 −5 0 1).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Six(V d0, V d1, V d2, V d3, V d4, V d5, float* to, nint step)
    {
        V four = V.Broadcast(4), five = V.Broadcast(-5), minusFour = V.Broadcast(-4), two = V.Broadcast(2), zero = default;
        V.MultiplyAdd(four, d0, V.MultiplyAdd(five, d2, d4)).Store(to);
        V a = V.MultiplyAdd(minusFour, d2, d4), b = V.MultiplyAdd(minusFour, d1, d3);
        (a + b).Store(to + step);
        (a - b).Store(to + 2 * step);
        V e = d4 - d2, f = V.MultiplyAdd(two, d3 - d1, zero);
        (e + f).Store(to + 3 * step);
        (e - f).Store(to + 4 * step);
        V.MultiplyAdd(four, d1, V.MultiplyAdd(five, d3, d5)).Store(to + 5 * step);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization), SkipLocalsInit]
    public static void Output(float* sums, nint step, float* y)
    {
        float* w = stackalloc float[24 * V.Count];
        for (int j = 0; j < 6; j++)
        {
            float* p = sums + j * step;
            Four(V.Load(p), V.Load(p + 6 * step), V.Load(p + 12 * step), V.Load(p + 18 * step), V.Load(p + 24 * step), V.Load(p + 30 * step), w + j * V.Count, 6 * V.Count);
        }
        for (int i = 0; i < 4; i++)
        {
            float* p = w + 6 * i * V.Count;
            Four(V.Load(p), V.Load(p + V.Count), V.Load(p + 2 * V.Count), V.Load(p + 3 * V.Count), V.Load(p + 4 * V.Count), V.Load(p + 5 * V.Count), y + 4 * i * V.Count, V.Count);
        }
    }

    // Aᵀ = (1 1 1 1 1 0; 0 1 −1 2 −2 0; 0 1 1 4 4 0; 0 1 −1 8 −8 1).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Four(V m0, V m1, V m2, V m3, V m4, V m5, float* to, nint step)
    {
        V p = m1 + m2, q = m1 - m2, r = m3 + m4, s = m3 - m4;
        (m0 + p + r).Store(to);
        V.MultiplyAdd(V.Broadcast(2), s, q).Store(to + step);
        V.MultiplyAdd(V.Broadcast(4), r, p).Store(to + 2 * step);
        (V.MultiplyAdd(V.Broadcast(8), s, q) + m5).Store(to + 3 * step);
    }
}
