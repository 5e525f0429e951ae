namespace IlgpuXai.Tests.RandomKernels;

/// <summary>The types of values in random kernels.</summary>
enum Scalar { Bool, Byte, SByte, Short, UShort, Int, UInt, Long, ULong, Float }

static class Scalars
{
    /// <summary>The types narrower than an int.</summary>
    public static readonly Scalar[] Small = [Scalar.Byte, Scalar.SByte, Scalar.Short, Scalar.UShort];

    static readonly (Scalar Type, int Weight)[] s_weights =
    [
        (Scalar.Int, 7), (Scalar.UInt, 5), (Scalar.Float, 5), (Scalar.Long, 3), (Scalar.ULong, 3), (Scalar.Bool, 3), (Scalar.Byte, 1), (Scalar.SByte, 1), (Scalar.Short, 1), (Scalar.UShort, 1),
    ];

    public static string Word(this Scalar type) => type.ToString().ToLowerInvariant();

    /// <summary>[−2^bits, 2^bits) holds every value.</summary>
    public static int Bits(this Scalar type) => type switch
    {
        Scalar.SByte => 7,
        Scalar.Byte => 8,
        Scalar.Short => 15,
        Scalar.UShort => 16,
        Scalar.Long => 63,
        _ => 31,
    };

    public static bool IsSmall(this Scalar type) => type is Scalar.Byte or Scalar.SByte or Scalar.Short or Scalar.UShort;

    public static bool IsUnsigned(this Scalar type) => type is Scalar.UInt or Scalar.ULong;

    public static Scalar Any(Random random)
    {
        int at = random.Next(s_weights.Sum(w => w.Weight));
        foreach (var (type, weight) in s_weights)
            if ((at -= weight) < 0) return type;
        return Scalar.Int;
    }
}
