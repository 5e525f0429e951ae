using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace IlgpuXai.Kernels;

/// <summary><see cref="Philox"/> with one block per 64-bit lane.</summary>
static unsafe class PhiloxLanes
{
    /// <summary>Blocks that <see cref="Fill"/> makes at a time; it fills a multiple of this.</summary>
    public static int Count => Vector<ulong>.Count;

    /// <summary>words[4·i + k] ← word k of block first + i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(uint* words, int blocks, ulong first, ulong stream, ulong seed)
    {
        Vector<ulong>* keys = stackalloc Vector<ulong>[2 * Philox.Rounds];
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (int round = 0; round < Philox.Rounds; round++, k0 += Philox.Weyl0, k1 += Philox.Weyl1)
            (keys[2 * round], keys[2 * round + 1]) = (new(k0), new(k1));
        var low = new Vector<ulong>(uint.MaxValue);
        for (int done = 0; done < blocks; done += Count)
        {
            var counter = new Vector<ulong>(first + (ulong)done) + Vector<ulong>.Indices;
            Vector<ulong> c0 = counter & low, c1 = counter >> 32, c2 = new(stream & uint.MaxValue), c3 = new(stream >> 32);
            for (int round = 0; round < Philox.Rounds; round++)
            {
                Vector<ulong> product0 = Product(c0, Philox.Multiplier0), product1 = Product(c2, Philox.Multiplier1);
                c0 = (product1 >> 32) ^ c1 ^ keys[2 * round];
                c1 = product1 & low;
                c2 = (product0 >> 32) ^ c3 ^ keys[2 * round + 1];
                c3 = product0 & low;
            }
            Interleave(c0 | (c1 << 32), c2 | (c3 << 32), (ulong*)words + 2 * done);
        }
    }

    /// <summary>to ← a[0], b[0], a[1], b[1], …</summary>
    static void Interleave(Vector<ulong> a, Vector<ulong> b, ulong* to)
    {
        if (Avx2.IsSupported && Count == 4)
        {
            var even = Avx2.UnpackLow(a.AsVector256(), b.AsVector256());          // a0 b0 a2 b2
            var odd = Avx2.UnpackHigh(a.AsVector256(), b.AsVector256());          // a1 b1 a3 b3
            Avx2.Permute2x128(even, odd, 0x20).Store(to);
            Avx2.Permute2x128(even, odd, 0x31).Store(to + 4);
            return;
        }
        for (int i = 0; i < Count; i++) (to[2 * i], to[2 * i + 1]) = (a[i], b[i]);
    }

    /// <summary>Lanes below 2³² times a constant.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector<ulong> Product(Vector<ulong> a, uint b) =>
        Avx2.IsSupported && Vector<ulong>.Count == 4
            ? Avx2.Multiply(a.AsVector256().AsUInt32(), Vector256.Create((ulong)b).AsUInt32()).AsVector()
            : a * b;
}
