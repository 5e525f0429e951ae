namespace IlgpuXai.Kernels;

/// <summary>What a planned convolution does at every pixel: C → K channels in groups, R × S taps.</summary>
/// <remarks>y[oy, ox] = Σ over taps (r, s) of w[r, s]·x[oy·StrideH + r·DilationH − padH, ox·StrideW + s·DilationW − padW], zeros outside; padding and the size of y belong to the call.</remarks>
public readonly record struct ConvWindow(int C, int K, int R, int S, int StrideH = 1, int StrideW = 1, int DilationH = 1, int DilationW = 1, int Groups = 1)
{
    public int CG => C / Groups;
    public int KG => K / Groups;
    public bool IsPointwise => R == 1 && S == 1 && StrideH == 1 && StrideW == 1;

    /// <summary>Whether Winograd's filtering can compute it.</summary>
    public bool IsPlain3x3 => R == 3 && S == 3 && StrideH == 1 && StrideW == 1 && DilationH == 1 && DilationW == 1 && Groups == 1;
}

/// <summary>Where the weights of a convolution lie: element (group, k, c, r, s) at Data + group·Group + k·Out + c·In + r·Row + s·Column; k, c count within the group.</summary>
/// <remarks>Steps may be negative: flipped kernels, exchanged channels and every second tap are the same memory read in another way.</remarks>
public readonly unsafe struct KernelTaps
{
    readonly float* _data;
    readonly nint _group, _out, _in, _row, _column;

    KernelTaps(float* data, nint group, nint k, nint c, nint row, nint column)
    {
        _data = data;
        (_group, _out, _in, _row, _column) = (group, k, c, row, column);
    }

    internal float this[int group, int k, int c, int r, int s] => _data[group * _group + k * _out + c * _in + r * _row + s * _column];

    /// <summary>w [K, C/groups, R, S] as the forward convolution reads it.</summary>
    public static KernelTaps Forward(View w, ConvWindow f)
    {
        Check(w, f);
        nint filter = f.CG * f.R * f.S;
        return new(w.Data, f.KG * filter, filter, f.R * f.S, f.S, 1);
    }

    /// <summary>The same weights for the gradient at x: channels exchanged, of some taps the last first.</summary>
    public static KernelTaps Backward(View w, ConvWindow f, TapRange rows, TapRange columns)
    {
        Check(w, f);
        nint filter = f.CG * f.R * f.S, taps = f.R * f.S;
        return new(w.Data + rows.Last * f.S + columns.Last, f.KG * filter, taps, filter, -(nint)rows.Step * f.S, -columns.Step);
    }

    static void Check(View w, ConvWindow f) => Expect.Length(w, (long)f.K * f.CG * f.R * f.S, "planned convolution: w");
}

/// <summary>Taps First, First + Step, …, Count of them, along one axis.</summary>
public readonly record struct TapRange(int First, int Step, int Count)
{
    public int Last => First + (Count - 1) * Step;

    public static TapRange All(int taps) => new(0, 1, taps);
}

/// <summary>How planned convolutions compute. All are sums in float32; stated errors are max |e| / max |y| against double.</summary>
public enum ConvAlgorithm
{
    /// <summary>The sum of the definition, one term after the other: a rectangle of the result has the bits of the whole. ≤ 3·10⁻⁶ for sums of 5,000 terms.</summary>
    Direct,

    /// <summary>Winograd F(2×2, 3×3), 2.25 times fewer multiplications: ≤ 10⁻⁶.</summary>
    Winograd2,

    /// <summary>Winograd F(4×4, 3×3), 4 times fewer: ≤ 10⁻⁵.</summary>
    Winograd4,
}

/// <summary>What goes with one run of a planned convolution: y = gate(max(conv(max(x·scale + shift, 0)) + bias + residual, 0)), each part where it is given.</summary>
public readonly record struct ConvUse
{
    public int PadH { get; init; }
    public int PadW { get; init; }
    public bool Relu { get; init; }

    /// <summary>Added to the sums; laid out as y.</summary>
    public View Residual { get; init; }

    /// <summary>y is kept where the bit is set, else 0: <see cref="IBlockedKernels.Signs"/> of y's size.</summary>
    public SignView Gate { get; init; }

    /// <summary>Per channel of x, whole blocks; a ReLU follows. Zeros around x stay zeros.</summary>
    public View Scale { get; init; }
    public View Shift { get; init; }
}
