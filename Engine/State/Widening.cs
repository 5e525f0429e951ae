using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace IlgpuXai.Engine;

/// <summary>Numbers of 16 bits → float32, exactly, 16 at a time. A NaN keeps its sign and its payload.</summary>
static class Widening
{
    const int Lanes = 16;

    // Exponent and fraction moved to float32's places are the half divided by 2¹¹²: an exact product puts that right, subnormals included.
    // Only the largest exponent (infinity, NaN) has to become float32's by hand.
    const uint Sign = 0x8000, Magnitude = 0x7fff, Infinity = 0x7c00, FloatInfinity = 0x7f800000, Scale = (127 + 112) << 23;

    /// <summary>IEEE 754 binary16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Halves(ReadOnlySpan<ushort> from, Span<float> to)
    {
        int i = 0;
        ref ushort x = ref MemoryMarshal.GetReference(from);
        ref float y = ref MemoryMarshal.GetReference(to);
        for (; i <= to.Length - Lanes; i += Lanes)
        {
            var (lower, upper) = Vector256.Widen(Vector256.LoadUnsafe(ref x, (nuint)i));
            Half(lower).StoreUnsafe(ref y, (nuint)i);
            Half(upper).StoreUnsafe(ref y, (nuint)(i + Lanes / 2));
        }
        for (; i < to.Length; i++) to[i] = Half(Vector256.CreateScalar((uint)from[i])).ToScalar();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> Half(Vector256<uint> bits)
    {
        var magnitude = bits & Vector256.Create(Magnitude);
        var finite = (Vector256.ShiftLeft(magnitude, 13).AsSingle() * Vector256.Create(Scale).AsSingle()).AsUInt32();
        var special = Vector256.ShiftLeft(magnitude, 13) | Vector256.Create(FloatInfinity);
        var isSpecial = Vector256.GreaterThanOrEqual(magnitude.AsInt32(), Vector256.Create((int)Infinity)).AsUInt32();
        return (Vector256.ConditionalSelect(isSpecial, special, finite) | Vector256.ShiftLeft(bits & Vector256.Create(Sign), 16)).AsSingle();
    }

    /// <summary>bfloat16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void UpperHalves(ReadOnlySpan<ushort> from, Span<float> to)
    {
        int i = 0;
        ref ushort x = ref MemoryMarshal.GetReference(from);
        ref float y = ref MemoryMarshal.GetReference(to);
        for (; i <= to.Length - Lanes; i += Lanes)
        {
            var (lower, upper) = Vector256.Widen(Vector256.LoadUnsafe(ref x, (nuint)i));
            Vector256.ShiftLeft(lower, 16).AsSingle().StoreUnsafe(ref y, (nuint)i);
            Vector256.ShiftLeft(upper, 16).AsSingle().StoreUnsafe(ref y, (nuint)(i + Lanes / 2));
        }
        for (; i < to.Length; i++) to[i] = BitConverter.UInt32BitsToSingle((uint)from[i] << 16);
    }
}
