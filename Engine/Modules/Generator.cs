namespace IlgpuXai.Engine;

/// <summary>Random numbers that are the same on every machine: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).</summary>
/// <remarks>
/// state ← state + 9e3779b97f4a7c15₁₆ from state = seed; the output mixes the state: z ← (z ⊕ z≫30)·bf58476d1ce4e5b9₁₆,
/// z ← (z ⊕ z≫27)·94d049bb133111eb₁₆, z ⊕ z≫31. Uniform numbers, integers and shuffles are exact arithmetic, so a seed
/// gives the same bits everywhere. Normal numbers go through the platform's logarithm and cosine: the same bits on one
/// machine, and up to rare last-digit differences on others.
/// </remarks>
public sealed class Generator(ulong seed)
{
    ulong _state = seed;

    public ulong NextUInt64()
    {
        ulong z = _state += 0x9e3779b97f4a7c15;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, 1): the upper 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Standard normal, by Box and Muller's cosine.</summary>
    public double NextNormal() => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    /// <summary>Uniform in 0 … count − 1, without bias (Lemire, arXiv:1805.10941).</summary>
    public int NextInt(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ulong high, low, least = (ulong)-count % (ulong)count;
        do high = Math.BigMul(NextUInt64(), (ulong)count, out low); while (low < least);
        return (int)high;
    }

    /// <summary>Puts the items into a random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = NextInt(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
