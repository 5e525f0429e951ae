#pragma warning disable CA1725 // operands carry the names they have in the formula of their product
namespace IlgpuXai.Kernels;

/// <summary>y[K × NPQ] = w[K × CRS] · patches(x)[CRS × NPQ] + bias, one slice per group of channels.</summary>
public readonly struct ForwardProduct : IProduct<Conv2dShape>
{
    public static int Rows(Conv2dShape s) => s.KG;
    public static int Columns(Conv2dShape s) => s.NPQ;
    public static int DepthFrom(int slice, Conv2dShape s) => 0;
    public static int DepthEnd(int slice, Conv2dShape s) => s.CRS;
    public static bool LeftRunsAlongDepth => true;
    public static bool RightRunsAlongDepth => false;

    public static Place Row(int slice, int row, Conv2dShape s) => new((slice * s.KG + row) * s.CRS);

    public static Place Column(int slice, int column, Conv2dShape s)
    {
        int n = column / s.PQ, p = column % s.PQ / s.Q, q = column % s.Q;
        return new((n * s.C + slice * s.CG) * s.H * s.W, p * s.StrideH - s.PadH, q * s.StrideW - s.PadW);
    }

    public static float Left(View w, Place row, int depth, Conv2dShape s) => w[row.Start + depth];

    public static float Right(View x, Place pixel, int depth, Conv2dShape s)
    {
        int c = depth / (s.R * s.S), h = pixel.H + depth / s.S % s.R * s.DilationH, v = pixel.W + depth % s.S * s.DilationW;
        return h >= 0 && h < s.H && v >= 0 && v < s.W ? x[pixel.Start + (c * s.H + h) * s.W + v] : 0f;
    }

    public static void Store(View y, View bias, int slice, int row, int column, float sum, Conv2dShape s)
    {
        int k = slice * s.KG + row, n = column / s.PQ;
        y[(n * s.K + k) * s.PQ + column % s.PQ] = bias.Length > 0 ? sum + bias[k] : sum;
    }
}

/// <summary>dx[C × NHW] = wᵀ[C × KRS] · spread(dy)[KRS × NHW]: each pixel gathers from the outputs that it fed, one slice per group.</summary>
public readonly struct InputGradientProduct : IProduct<Conv2dShape>
{
    public static int Rows(Conv2dShape s) => s.CG;
    public static int Columns(Conv2dShape s) => s.N * s.H * s.W;
    public static int DepthFrom(int slice, Conv2dShape s) => 0;
    public static int DepthEnd(int slice, Conv2dShape s) => s.KG * s.R * s.S;
    public static bool LeftRunsAlongDepth => true;
    public static bool RightRunsAlongDepth => false;

    public static Place Row(int slice, int row, Conv2dShape s) => new(slice * s.KG * s.CRS + row * s.R * s.S);

    public static Place Column(int slice, int column, Conv2dShape s)
    {
        int n = column / (s.H * s.W), h = column / s.W % s.H, v = column % s.W;
        return new((n * s.K + slice * s.KG) * s.PQ, h + s.PadH, v + s.PadW);
    }

    public static float Left(View w, Place row, int depth, Conv2dShape s)
    {
        int k = depth / (s.R * s.S);
        return w[row.Start + k * s.CRS + depth - k * s.R * s.S];
    }

    public static float Right(View dy, Place pixel, int depth, Conv2dShape s)
    {
        int k = depth / (s.R * s.S), h = pixel.H - depth / s.S % s.R * s.DilationH, v = pixel.W - depth % s.S * s.DilationW;
        int p = h / s.StrideH, q = v / s.StrideW;
        bool fed = h >= 0 && v >= 0 && p * s.StrideH == h && q * s.StrideW == v && p < s.P && q < s.Q;
        return fed ? dy[pixel.Start + k * s.PQ + p * s.Q + q] : 0f;
    }

    public static void Store(View dx, View bias, int slice, int row, int column, float sum, Conv2dShape s)
    {
        int n = column / (s.H * s.W);
        dx[(n * s.C + slice * s.CG + row) * s.H * s.W + column % (s.H * s.W)] = sum;
    }
}

/// <summary>A weight gradient whose sums over N·P·Q pixels are cut into <see cref="Parts"/> of <see cref="PartLength"/>, so that there is work for all of a device.</summary>
public readonly struct WeightGradientShape(Conv2dShape conv, int parts)
{
    public readonly Conv2dShape Conv = conv;
    public readonly int Parts = parts, PartLength = (conv.NPQ + parts - 1) / parts;
}

/// <summary>dw[K × CRS] = dy[K × NPQ] · patches(x)ᵀ[NPQ × CRS]; slice = part · groups + group, result [Parts, K, CRS].</summary>
public readonly struct WeightGradientProduct : IProduct<WeightGradientShape>
{
    public static int Rows(WeightGradientShape s) => s.Conv.KG;
    public static int Columns(WeightGradientShape s) => s.Conv.CRS;
    public static int DepthFrom(int slice, WeightGradientShape s) => slice / s.Conv.Groups * s.PartLength;

    public static int DepthEnd(int slice, WeightGradientShape s)
    {
        int end = (slice / s.Conv.Groups + 1) * s.PartLength;
        return end < s.Conv.NPQ ? end : s.Conv.NPQ;
    }

    public static bool LeftRunsAlongDepth => true;
    public static bool RightRunsAlongDepth => true;

    public static Place Row(int slice, int row, WeightGradientShape s) => new((slice % s.Conv.Groups * s.Conv.KG + row) * s.Conv.PQ);

    public static Place Column(int slice, int column, WeightGradientShape s)
    {
        int c = column / (s.Conv.R * s.Conv.S), r = column / s.Conv.S % s.Conv.R, t = column % s.Conv.S;
        return new((slice % s.Conv.Groups * s.Conv.CG + c) * s.Conv.H * s.Conv.W, r * s.Conv.DilationH - s.Conv.PadH, t * s.Conv.DilationW - s.Conv.PadW);
    }

    public static float Left(View dy, Place row, int depth, WeightGradientShape s)
    {
        int n = depth / s.Conv.PQ;
        return dy[row.Start + n * s.Conv.K * s.Conv.PQ + depth - n * s.Conv.PQ];
    }

    public static float Right(View x, Place tap, int depth, WeightGradientShape s)
    {
        int n = depth / s.Conv.PQ, h = depth / s.Conv.Q % s.Conv.P * s.Conv.StrideH + tap.H, v = depth % s.Conv.Q * s.Conv.StrideW + tap.W;
        bool inside = h >= 0 && h < s.Conv.H && v >= 0 && v < s.Conv.W;
        return inside ? x[tap.Start + (n * s.Conv.C * s.Conv.H + h) * s.Conv.W + v] : 0f;
    }

    public static void Store(View dw, View bias, int slice, int row, int column, float sum, WeightGradientShape s)
    {
        int part = slice / s.Conv.Groups, k = slice % s.Conv.Groups * s.Conv.KG + row;
        dw[(part * s.Conv.K + k) * s.Conv.CRS + column] = sum;
    }
}
