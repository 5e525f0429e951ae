using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace IlgpuXai.Kernels;

/// <summary>A SIMD register of floats, so that one text of a micro-kernel serves every vector width.</summary>
unsafe interface ILanes<TSelf> where TSelf : struct, ILanes<TSelf>
{
    static abstract int Count { get; }

    /// <summary>Rows of a tile whose sums fit the registers beside two of b and a broadcast: 2·MaxRows + 3 registers.</summary>
    static abstract int MaxRows { get; }

    /// <summary>Floats from one step of a packed left operand to the next: MaxRows, rounded up to a width that transposes well.</summary>
    static abstract int RowStride { get; }

    static abstract TSelf Load(float* p);
    static abstract TSelf Broadcast(float x);
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);
    static abstract TSelf operator +(TSelf a, TSelf b);
    static abstract TSelf operator &(TSelf a, TSelf b);
    static abstract TSelf operator |(TSelf a, TSelf b);
    void Store(float* p);
}

readonly unsafe struct Lanes512(Vector512<float> v) : ILanes<Lanes512>
{
    const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    readonly Vector512<float> _v = v;

    public static int Count => 16;
    public static int MaxRows => 14;
    public static int RowStride => 16;
    [MethodImpl(Inline)] public static Lanes512 Load(float* p) => new(Vector512.Load(p));
    [MethodImpl(Inline)] public static Lanes512 Broadcast(float x) => new(Vector512.Create(x));
    [MethodImpl(Inline)] public static Lanes512 MultiplyAdd(Lanes512 a, Lanes512 b, Lanes512 c) => new(Vector512.FusedMultiplyAdd(a._v, b._v, c._v));
    [MethodImpl(Inline)] public static Lanes512 operator +(Lanes512 a, Lanes512 b) => new(a._v + b._v);
    [MethodImpl(Inline)] public static Lanes512 operator &(Lanes512 a, Lanes512 b) => new(a._v & b._v);
    [MethodImpl(Inline)] public static Lanes512 operator |(Lanes512 a, Lanes512 b) => new(a._v | b._v);
    [MethodImpl(Inline)] public void Store(float* p) => _v.Store(p);
}

readonly unsafe struct Lanes256(Vector256<float> v) : ILanes<Lanes256>
{
    const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    readonly Vector256<float> _v = v;

    public static int Count => 8;
    public static int MaxRows => 6;
    public static int RowStride => 8;
    [MethodImpl(Inline)] public static Lanes256 Load(float* p) => new(Vector256.Load(p));
    [MethodImpl(Inline)] public static Lanes256 Broadcast(float x) => new(Vector256.Create(x));
    [MethodImpl(Inline)] public static Lanes256 MultiplyAdd(Lanes256 a, Lanes256 b, Lanes256 c) => new(Vector256.MultiplyAddEstimate(a._v, b._v, c._v));
    [MethodImpl(Inline)] public static Lanes256 operator +(Lanes256 a, Lanes256 b) => new(a._v + b._v);
    [MethodImpl(Inline)] public static Lanes256 operator &(Lanes256 a, Lanes256 b) => new(a._v & b._v);
    [MethodImpl(Inline)] public static Lanes256 operator |(Lanes256 a, Lanes256 b) => new(a._v | b._v);
    [MethodImpl(Inline)] public void Store(float* p) => _v.Store(p);
}

/// <summary>128 bits: Arm, and x86 without AVX. Where there is no fused instruction the product is rounded before it is added.</summary>
readonly unsafe struct Lanes128(Vector128<float> v) : ILanes<Lanes128>
{
    const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;
    readonly Vector128<float> _v = v;

    public static int Count => 4;
    public static int MaxRows => 6;
    public static int RowStride => 8;
    [MethodImpl(Inline)] public static Lanes128 Load(float* p) => new(Vector128.Load(p));
    [MethodImpl(Inline)] public static Lanes128 Broadcast(float x) => new(Vector128.Create(x));
    [MethodImpl(Inline)] public static Lanes128 MultiplyAdd(Lanes128 a, Lanes128 b, Lanes128 c) => new(Vector128.MultiplyAddEstimate(a._v, b._v, c._v));
    [MethodImpl(Inline)] public static Lanes128 operator +(Lanes128 a, Lanes128 b) => new(a._v + b._v);
    [MethodImpl(Inline)] public static Lanes128 operator &(Lanes128 a, Lanes128 b) => new(a._v & b._v);
    [MethodImpl(Inline)] public static Lanes128 operator |(Lanes128 a, Lanes128 b) => new(a._v | b._v);
    [MethodImpl(Inline)] public void Store(float* p) => _v.Store(p);
}
