namespace IlgpuXai.Kernels;

/// <summary>Four random words.</summary>
public readonly struct PhiloxBlock(uint word0, uint word1, uint word2, uint word3)
{
    public readonly uint Word0 = word0, Word1 = word1, Word2 = word2, Word3 = word3;
}

/// <summary>Philox 4×32-10: the random words number (counter, stream) of a seed, in any order and on any device.</summary>
/// <remarks>
/// Ten rounds of two 32×32→64-bit products. Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11.
/// The counter's words are (counter low, counter high, stream low, stream high), the key's (seed low, seed high).
/// </remarks>
public static class Philox
{
    internal const int Rounds = 10;
    internal const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

    public static PhiloxBlock Block(ulong counter, ulong stream, ulong seed)
    {
        uint c0 = (uint)counter, c1 = (uint)(counter >> 32), c2 = (uint)stream, c3 = (uint)(stream >> 32);
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * c0, product1 = (ulong)Multiplier1 * c2;
            c0 = (uint)(product1 >> 32) ^ c1 ^ k0;
            c1 = (uint)product1;
            c2 = (uint)(product0 >> 32) ^ c3 ^ k1;
            c3 = (uint)product0;
            k0 += Weyl0;
            k1 += Weyl1;
        }
        return new(c0, c1, c2, c3);
    }
}
