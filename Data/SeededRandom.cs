using System.Numerics;

namespace IlgpuXai.Data;

/// <summary>
/// xoshiro256** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021), its state filled by SplitMix64 (Steele, Lea and Flood, 2014).
/// The same seed and stream give the same numbers on every machine and runtime; streams of one seed are independent of each other for every practical purpose.
/// </summary>
public sealed class SeededRandom
{
    const ulong Golden = 0x9E3779B97F4A7C15;
    ulong _s0, _s1, _s2, _s3;

    /// <param name="seed">Any value, zero included.</param>
    /// <param name="stream">Names a sequence within the seed: an epoch, or a purpose and an index. The order of the words matters.</param>
    public SeededRandom(ulong seed, params ReadOnlySpan<ulong> stream)
    {
        ulong h = Mix(seed + Golden);
        foreach (ulong word in stream) h = Mix(h + Golden + word);
        _s0 = Mix(h += Golden);
        _s1 = Mix(h += Golden);
        _s2 = Mix(h += Golden);
        _s3 = Mix(h + Golden);
    }

    /// <summary>Uniform over all 64-bit words.</summary>
    public ulong NextWord()
    {
        ulong result = BitOperations.RotateLeft(_s1 * 5, 7) * 9, t = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= t;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform over the multiples of 2⁻⁵³ in [0, 1).</summary>
    public double NextDouble() => (NextWord() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double Between(double low, double high) => low + (high - low) * NextDouble();

    /// <summary>Uniform over 0 … bound − 1, without bias: multiply and reject (Lemire, 2019).</summary>
    public int Below(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        ulong n = (ulong)bound, high = Math.BigMul(NextWord(), n, out ulong low);
        if (low < n)
        {
            ulong threshold = (0UL - n) % n;
            while (low < threshold) high = Math.BigMul(NextWord(), n, out low);
        }
        return (int)high;
    }

    /// <summary>
    /// A bell-shaped number of mean 0 and variance 1 in [−2√3, 2√3]: (u₁ + u₂ + u₃ + u₄ − 2)·√3. Used where a normal deviate would do but must have the same bits everywhere,
    /// which logarithms and cosines of different C libraries do not promise.
    /// </summary>
    public double NextBell() => (NextDouble() + NextDouble() + NextDouble() + NextDouble() - 2) * 1.7320508075688772;

    /// <summary>Fisher–Yates in place, from the last element down (Durstenfeld, 1964): every order equally likely.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
