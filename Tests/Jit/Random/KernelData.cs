using System.Runtime.InteropServices;

namespace IlgpuXai.Tests.RandomKernels;

/// <summary>The contents of all views, before or after a launch, and the other arguments.</summary>
sealed class KernelData<TSmall> where TSmall : unmanaged
{
    public required int[] Ints { get; init; }
    public required uint[] Uints { get; init; }
    public required long[] Longs { get; init; }
    public required ulong[] Ulongs { get; init; }
    public required float[] Floats { get; init; }
    public required TSmall[] Smalls { get; init; }
    public required Pair[] Pairs { get; init; }
    public int N { get; init; }
    public Params Params { get; init; }
    public int Specialized { get; init; }

    static readonly float[] s_floats = [0f, -0f, float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.MaxValue, float.Epsilon, 1e-40f, 3e9f, -3e9f, 5e18f, 2e19f, 2147483648f, 0.5f, -1.5f, 1f];
    static readonly int[] s_ints = [0, 1, -1, 2, 7, 31, 32, 255, -128, 65535, 65536, int.MaxValue, int.MinValue];

    public static KernelData<TSmall> Make(RandomKernel kernel)
    {
        var random = new Random(~kernel.Seed);
        T[] Fill<T>(Func<int, T> make) => [.. Enumerable.Range(0, kernel.Length).Select(make)];
        int Int() => random.Next(3) switch { 0 => s_ints[random.Next(s_ints.Length)], 1 => random.Next(-100, 100), _ => random.Next(int.MinValue, int.MaxValue) };
        float Float() => random.Next(3) == 0 ? s_floats[random.Next(s_floats.Length)] : random.Next(2) == 0 ? random.NextSingle() * 8f - 4f : (random.NextSingle() - 0.5f) * MathF.Pow(10f, random.Next(-8, 20));
        short Short() => (short)random.Next(-32768, 32768);
        Inner Inner() => new() { S = Short(), B = (byte)random.Next(256), Flag = random.Next(2) == 0 };
        var smalls = new TSmall[kernel.Length];
        random.NextBytes(MemoryMarshal.AsBytes(smalls.AsSpan()));
        return new()
        {
            // Behind the inputs ints are small: some of them are counters.
            Ints = Fill(k => k < RandomKernel.Inputs ? Int() : random.Next(-100, 100)),
            Uints = Fill(_ => (uint)Int()),
            Longs = Fill(k => k < RandomKernel.Inputs && random.Next(2) == 0 ? random.NextInt64(long.MinValue, long.MaxValue) : random.Next(-100, 100)),
            Ulongs = Fill(_ => random.Next(2) == 0 ? (ulong)random.NextInt64(long.MinValue, long.MaxValue) : (uint)Int()),
            Floats = Fill(_ => Float()),
            Smalls = smalls,
            Pairs = Fill(_ => new Pair(Float(), Int(), (uint)Int()) { In = Inner() }),
            N = random.Next(1000),
            Params = new() { Flag = random.Next(2) == 0, Count = Int(), Tiny = (byte)random.Next(256), Big = random.NextInt64(long.MinValue, long.MaxValue), Scale = Float(), Inner = Inner(), Mask = (ulong)random.NextInt64() },
            Specialized = random.Next(-5, 50),
        };
    }

    /// <summary>The first difference between what a kernel left and what it should have; null if there is none. One NaN is as good as another.</summary>
    public string? Difference(KernelData<TSmall> expected) =>
        First("ints", Ints, expected.Ints) ?? First("uints", Uints, expected.Uints) ?? First("longs", Longs, expected.Longs) ?? First("ulongs", Ulongs, expected.Ulongs)
        ?? First("smalls", Smalls, expected.Smalls) ?? First("floats", Bits(Floats), Bits(expected.Floats)) ?? First("pairs' floats", Bits(Pairs), Bits(expected.Pairs))
        ?? First("pairs", [.. Pairs.Select(Rest)], [.. expected.Pairs.Select(Rest)]);

    static string? First<T>(string name, T[] have, T[] want) where T : unmanaged
    {
        for (int k = 0; k < have.Length; k++)
            if (!have[k].Equals(want[k])) return $"{name}[{k}] is {have[k]}, the host has {want[k]}";
        return null;
    }

    static uint[] Bits(float[] values) => [.. values.Select(Bits)];
    static uint[] Bits(Pair[] values) => [.. values.Select(p => Bits(p.X))];
    static uint Bits(float value) => float.IsNaN(value) ? 0x7FC00000u : BitConverter.SingleToUInt32Bits(value);
    static (int, uint, short, byte, bool) Rest(Pair p) => (p.N, p.U, p.In.S, p.In.B, p.In.Flag);
}
