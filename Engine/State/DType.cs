using System.Numerics;
using System.Runtime.InteropServices;

namespace IlgpuXai.Engine;

/// <summary>How numbers are stored in a state file. Little-endian.</summary>
public enum DType
{
    F64,
    F32,
    F16,

    /// <summary>The upper half of a float32.</summary>
    BF16,
    I64,
    I32,
    I16,
    I8,
    U8,

    /// <summary>One byte; everything but 0 is true, and true is 1.</summary>
    Bool,
}

/// <summary>Sizes, names and conversions of the stored number types.</summary>
public static class DTypes
{
    /// <summary>Bytes of one number.</summary>
    public static int Size(this DType type) => type switch
    {
        DType.F64 or DType.I64 => 8,
        DType.F32 or DType.I32 => 4,
        DType.F16 or DType.BF16 or DType.I16 => 2,
        _ => 1,
    };

    /// <summary>The name in a safetensors header.</summary>
    public static string Name(this DType type) => type == DType.Bool ? "BOOL" : type.ToString();

    public static bool HoldsFractions(this DType type) => type is DType.F64 or DType.F32 or DType.F16 or DType.BF16;

    internal static IReadOnlyDictionary<string, DType> ByName { get; } = Enum.GetValues<DType>().ToDictionary(Name, StringComparer.Ordinal);

    /// <summary>Stored numbers → float32; F64, I64 and I32 are rounded to the nearest.</summary>
    internal static void ToFloats(this DType type, ReadOnlySpan<byte> from, Span<float> to)
    {
        switch (type)
        {
            case DType.F32: MemoryMarshal.Cast<byte, float>(from).CopyTo(to); break;
            case DType.F16: Widening.Halves(MemoryMarshal.Cast<byte, ushort>(from), to); break;
            case DType.BF16: Widening.UpperHalves(MemoryMarshal.Cast<byte, ushort>(from), to); break;
            case DType.F64: Convert<double>(from, to); break;
            case DType.I64: Convert<long>(from, to); break;
            case DType.I32: Convert<int>(from, to); break;
            case DType.I16: Convert<short>(from, to); break;
            case DType.I8: Convert<sbyte>(from, to); break;
            case DType.U8: Convert<byte>(from, to); break;
            default:
                for (int i = 0; i < to.Length; i++) to[i] = from[i] == 0 ? 0 : 1;
                break;
        }
    }

    /// <summary>float32 → F64, F32, F16 or BF16, rounded to the nearest, ties to even; a NaN stays one.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The type holds no fractions.</exception>
    internal static byte[] FromFloats(this DType type, ReadOnlySpan<float> from) => type switch
    {
        DType.F32 => MemoryMarshal.AsBytes(from).ToArray(),
        DType.F16 => Convert(from, static v => (Half)v),
        DType.BF16 => Convert(from, static v => float.IsNaN(v) ? (ushort)0x7fc0 : Upper(BitConverter.SingleToUInt32Bits(v))),
        DType.F64 => Convert(from, static v => (double)v),
        _ => throw new ArgumentOutOfRangeException(nameof(type), $"{type} holds no fractions"),
    };

    static ushort Upper(uint bits) => (ushort)((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);

    static void Convert<T>(ReadOnlySpan<byte> from, Span<float> to) where T : unmanaged, INumberBase<T>
    {
        var values = MemoryMarshal.Cast<byte, T>(from);
        for (int i = 0; i < to.Length; i++) to[i] = float.CreateTruncating(values[i]);
    }

    static byte[] Convert<T>(ReadOnlySpan<float> from, Func<float, T> convert) where T : unmanaged
    {
        var values = new T[from.Length];
        for (int i = 0; i < values.Length; i++) values[i] = convert(from[i]);
        return MemoryMarshal.AsBytes<T>(values).ToArray();
    }
}
