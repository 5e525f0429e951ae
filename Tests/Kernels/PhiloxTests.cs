using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

sealed class PhiloxTests
{
    // Known answers for philox4x32 with 10 rounds, published with Random123 (D. E. Shaw Research).
    [TestCase(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [TestCase(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu)]
    [TestCase(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u)]
    public void Known_answers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint w0, uint w1, uint w2, uint w3)
    {
        var block = Philox.Block(c0 | (ulong)c1 << 32, c2 | (ulong)c3 << 32, k0 | (ulong)k1 << 32);
        Assert.That(new[] { block.Word0, block.Word1, block.Word2, block.Word3 }, Is.EqualTo(new[] { w0, w1, w2, w3 }));
    }
}
