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
    static abstract TSelf operator -(TSelf a, TSelf b);
    static abstract TSelf operator &(TSelf a, TSelf b);
    static abstract TSelf operator |(TSelf a, TSelf b);
    void Store(float* p);

    /// <summary>max(least, x) per lane; NaN in x stays.</summary>
    static abstract TSelf AtLeast(TSelf least, TSelf x);

    /// <summary>All bits where a &gt; b, none elsewhere.</summary>
    static abstract TSelf Above(TSelf a, TSelf b);

    /// <summary>Bit i: whether lane i is positive.</summary>
    static abstract int Positive(TSelf x);

    /// <summary>All bits of lane i where bit i is set, none elsewhere.</summary>
    static abstract TSelf Mask(int bits);

    /// <summary>All bits where both are equal, none elsewhere.</summary>
    static abstract TSelf Same(TSelf a, TSelf b);

    /// <summary>a where the mask's bits are set, b elsewhere.</summary>
    static abstract TSelf Choose(TSelf mask, TSelf a, TSelf b);

    /// <summary>low, high = a₀ b₀ a₁ b₁ …</summary>
    static abstract void Interleave(TSelf a, TSelf b, out TSelf low, out TSelf high);

    /// <summary>even = a₀ a₂ … b₀ b₂ …, odd = a₁ a₃ … b₁ b₃ …</summary>
    static abstract void Deinterleave(TSelf a, TSelf b, out TSelf even, out TSelf odd);
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
    [MethodImpl(Inline)] public static Lanes512 operator -(Lanes512 a, Lanes512 b) => new(a._v - b._v);
    [MethodImpl(Inline)] public static Lanes512 operator &(Lanes512 a, Lanes512 b) => new(a._v & b._v);
    [MethodImpl(Inline)] public static Lanes512 operator |(Lanes512 a, Lanes512 b) => new(a._v | b._v);
    [MethodImpl(Inline)] public void Store(float* p) => _v.Store(p);
    [MethodImpl(Inline)] public static Lanes512 AtLeast(Lanes512 least, Lanes512 x) => new(Vector512.MaxNative(least._v, x._v));
    [MethodImpl(Inline)] public static Lanes512 Above(Lanes512 a, Lanes512 b) => new(Vector512.GreaterThan(a._v, b._v));
    [MethodImpl(Inline)] public static Lanes512 Choose(Lanes512 mask, Lanes512 a, Lanes512 b) => new(Vector512.ConditionalSelect(mask._v, a._v, b._v));
    [MethodImpl(Inline)] public static Lanes512 Same(Lanes512 a, Lanes512 b) => new(Vector512.Equals(a._v, b._v));
    [MethodImpl(Inline)] public static int Positive(Lanes512 x) => (int)Vector512.GreaterThan(x._v, Vector512<float>.Zero).ExtractMostSignificantBits();

    [MethodImpl(Inline)]
    public static Lanes512 Mask(int bits)
    {
        var each = Vector512.Create(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768);
        return new(Vector512.Equals(Vector512.Create(bits) & each, each).AsSingle());
    }

    [MethodImpl(Inline)]
    public static void Interleave(Lanes512 a, Lanes512 b, out Lanes512 low, out Lanes512 high)
    {
        var first = Vector512.Create(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
        var second = Vector512.Create(8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13, 14, 14, 15, 15);
        var odd = Vector512.Create(0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1).AsSingle();
        low = new(Vector512.ConditionalSelect(odd, Vector512.Shuffle(b._v, first), Vector512.Shuffle(a._v, first)));
        high = new(Vector512.ConditionalSelect(odd, Vector512.Shuffle(b._v, second), Vector512.Shuffle(a._v, second)));
    }

    [MethodImpl(Inline)]
    public static void Deinterleave(Lanes512 a, Lanes512 b, out Lanes512 even, out Lanes512 odd)
    {
        var evens = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 0, 2, 4, 6, 8, 10, 12, 14);
        var odds = Vector512.Create(1, 3, 5, 7, 9, 11, 13, 15, 1, 3, 5, 7, 9, 11, 13, 15);
        var upper = Vector512.Create(0, 0, 0, 0, 0, 0, 0, 0, -1, -1, -1, -1, -1, -1, -1, -1).AsSingle();
        even = new(Vector512.ConditionalSelect(upper, Vector512.Shuffle(b._v, evens), Vector512.Shuffle(a._v, evens)));
        odd = new(Vector512.ConditionalSelect(upper, Vector512.Shuffle(b._v, odds), Vector512.Shuffle(a._v, odds)));
    }
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
    [MethodImpl(Inline)] public static Lanes256 operator -(Lanes256 a, Lanes256 b) => new(a._v - b._v);
    [MethodImpl(Inline)] public static Lanes256 operator &(Lanes256 a, Lanes256 b) => new(a._v & b._v);
    [MethodImpl(Inline)] public static Lanes256 operator |(Lanes256 a, Lanes256 b) => new(a._v | b._v);
    [MethodImpl(Inline)] public void Store(float* p) => _v.Store(p);
    [MethodImpl(Inline)] public static Lanes256 AtLeast(Lanes256 least, Lanes256 x) => new(Vector256.MaxNative(least._v, x._v));
    [MethodImpl(Inline)] public static Lanes256 Above(Lanes256 a, Lanes256 b) => new(Vector256.GreaterThan(a._v, b._v));
    [MethodImpl(Inline)] public static Lanes256 Choose(Lanes256 mask, Lanes256 a, Lanes256 b) => new(Vector256.ConditionalSelect(mask._v, a._v, b._v));
    [MethodImpl(Inline)] public static Lanes256 Same(Lanes256 a, Lanes256 b) => new(Vector256.Equals(a._v, b._v));
    [MethodImpl(Inline)] public static int Positive(Lanes256 x) => (int)Vector256.GreaterThan(x._v, Vector256<float>.Zero).ExtractMostSignificantBits();

    [MethodImpl(Inline)]
    public static Lanes256 Mask(int bits)
    {
        var each = Vector256.Create(1, 2, 4, 8, 16, 32, 64, 128);
        return new(Vector256.Equals(Vector256.Create(bits) & each, each).AsSingle());
    }

    [MethodImpl(Inline)]
    public static void Interleave(Lanes256 a, Lanes256 b, out Lanes256 low, out Lanes256 high)
    {
        var first = Vector256.Create(0, 0, 1, 1, 2, 2, 3, 3);
        var second = Vector256.Create(4, 4, 5, 5, 6, 6, 7, 7);
        var odd = Vector256.Create(0, -1, 0, -1, 0, -1, 0, -1).AsSingle();
        low = new(Vector256.ConditionalSelect(odd, Vector256.Shuffle(b._v, first), Vector256.Shuffle(a._v, first)));
        high = new(Vector256.ConditionalSelect(odd, Vector256.Shuffle(b._v, second), Vector256.Shuffle(a._v, second)));
    }

    [MethodImpl(Inline)]
    public static void Deinterleave(Lanes256 a, Lanes256 b, out Lanes256 even, out Lanes256 odd)
    {
        var evens = Vector256.Create(0, 2, 4, 6, 0, 2, 4, 6);
        var odds = Vector256.Create(1, 3, 5, 7, 1, 3, 5, 7);
        var upper = Vector256.Create(0, 0, 0, 0, -1, -1, -1, -1).AsSingle();
        even = new(Vector256.ConditionalSelect(upper, Vector256.Shuffle(b._v, evens), Vector256.Shuffle(a._v, evens)));
        odd = new(Vector256.ConditionalSelect(upper, Vector256.Shuffle(b._v, odds), Vector256.Shuffle(a._v, odds)));
    }
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
    [MethodImpl(Inline)] public static Lanes128 operator -(Lanes128 a, Lanes128 b) => new(a._v - b._v);
    [MethodImpl(Inline)] public static Lanes128 operator &(Lanes128 a, Lanes128 b) => new(a._v & b._v);
    [MethodImpl(Inline)] public static Lanes128 operator |(Lanes128 a, Lanes128 b) => new(a._v | b._v);
    [MethodImpl(Inline)] public void Store(float* p) => _v.Store(p);
    [MethodImpl(Inline)] public static Lanes128 AtLeast(Lanes128 least, Lanes128 x) => new(Vector128.MaxNative(least._v, x._v));
    [MethodImpl(Inline)] public static Lanes128 Above(Lanes128 a, Lanes128 b) => new(Vector128.GreaterThan(a._v, b._v));
    [MethodImpl(Inline)] public static Lanes128 Choose(Lanes128 mask, Lanes128 a, Lanes128 b) => new(Vector128.ConditionalSelect(mask._v, a._v, b._v));
    [MethodImpl(Inline)] public static Lanes128 Same(Lanes128 a, Lanes128 b) => new(Vector128.Equals(a._v, b._v));
    [MethodImpl(Inline)] public static int Positive(Lanes128 x) => (int)Vector128.GreaterThan(x._v, Vector128<float>.Zero).ExtractMostSignificantBits();

    [MethodImpl(Inline)]
    public static Lanes128 Mask(int bits)
    {
        var each = Vector128.Create(1, 2, 4, 8);
        return new(Vector128.Equals(Vector128.Create(bits) & each, each).AsSingle());
    }

    [MethodImpl(Inline)]
    public static void Interleave(Lanes128 a, Lanes128 b, out Lanes128 low, out Lanes128 high)
    {
        var first = Vector128.Create(0, 0, 1, 1);
        var second = Vector128.Create(2, 2, 3, 3);
        var odd = Vector128.Create(0, -1, 0, -1).AsSingle();
        low = new(Vector128.ConditionalSelect(odd, Vector128.Shuffle(b._v, first), Vector128.Shuffle(a._v, first)));
        high = new(Vector128.ConditionalSelect(odd, Vector128.Shuffle(b._v, second), Vector128.Shuffle(a._v, second)));
    }

    [MethodImpl(Inline)]
    public static void Deinterleave(Lanes128 a, Lanes128 b, out Lanes128 even, out Lanes128 odd)
    {
        var evens = Vector128.Create(0, 2, 0, 2);
        var odds = Vector128.Create(1, 3, 1, 3);
        var upper = Vector128.Create(0, 0, -1, -1).AsSingle();
        even = new(Vector128.ConditionalSelect(upper, Vector128.Shuffle(b._v, evens), Vector128.Shuffle(a._v, evens)));
        odd = new(Vector128.ConditionalSelect(upper, Vector128.Shuffle(b._v, odds), Vector128.Shuffle(a._v, odds)));
    }
}

/// <summary>Short rows of floats, a register at a time.</summary>
static unsafe class Rows<V> where V : struct, ILanes<V>
{
    /// <summary>to[i] ← from[i], i below count, and up to a register less one beyond it: for memory that is written in ascending order.</summary>
    public static void CopyOver(float* from, float* to, int count)
    {
        for (int i = 0; i < count; i += V.Count) V.Load(from + i).Store(to + i);
    }

    /// <summary>to[i] ← (accumulate ? to[i] : 0) + from[i], i below count exactly.</summary>
    public static void Put(float* from, float* to, int count, bool accumulate)
    {
        int i = 0;
        if (accumulate)
        {
            for (; i + V.Count <= count; i += V.Count) (V.Load(to + i) + V.Load(from + i)).Store(to + i);
            for (; i < count; i++) to[i] += from[i];
            return;
        }
        for (; i + V.Count <= count; i += V.Count) V.Load(from + i).Store(to + i);
        for (; i < count; i++) to[i] = from[i];
    }
}
