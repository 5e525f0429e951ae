using System.Text;
using IlgpuXai.Engine;
using NUnit.Framework;

namespace IlgpuXai.Tests;

sealed class WideningTests
{
    // All values one after the other, and each number of values that a loop over whole registers leaves over.
    static readonly byte[] s_every = [.. Enumerable.Range(0, 65536).SelectMany(v => BitConverter.GetBytes((ushort)v))];

    TempFolder _folder = null!;

    [SetUp] public void Make() => _folder = new();
    [TearDown] public void Remove() => _folder.Dispose();

    float[] Widened(DType type, ReadOnlySpan<byte> bytes)
    {
        int count = bytes.Length / type.Size();
        byte[] header = Encoding.ASCII.GetBytes($$"""{"x":{"dtype":"{{type.Name()}}","shape":[{{count}}],"data_offsets":[0,{{bytes.Length}}] } }""");
        using var file = SafetensorsFile.Open(_folder.Write("x", [.. BitConverter.GetBytes((long)header.Length), .. header, .. bytes]));
        float[] values = new float[count + 3];
        Array.Fill(values, -7);
        file.Read("x", values.AsSpan(0, count));
        Assert.That(values[count..], Is.EqualTo(new float[] { -7, -7, -7 }), "nothing behind the end is written");
        return values[..count];
    }

    [TestCase(DType.F16)]
    [TestCase(DType.BF16)]
    public void Every_number_of_16_bits_widens_to_the_same_value(DType type)
    {
        float[] values = Widened(type, s_every);
        for (int i = 0; i < values.Length; i++)
        {
            float expected = type == DType.F16 ? (float)BitConverter.UInt16BitsToHalf((ushort)i) : BitConverter.UInt32BitsToSingle((uint)i << 16);
            uint bits = BitConverter.SingleToUInt32Bits(values[i]);
            if (float.IsNaN(expected)) Assert.That(float.IsNaN(values[i]) && bits >> 31 == (uint)i >> 15 && ((bits >> (type == DType.F16 ? 13 : 16)) & 0x3f) == ((uint)i & 0x3f), $"{i:x4}: NaN with its sign and payload");
            else if (bits != BitConverter.SingleToUInt32Bits(expected)) Assert.Fail($"{i:x4}: {values[i]:r} where {expected:r} was expected");
        }
    }

    [Test]
    public void Any_count_is_converted_to_its_end_and_no_further([Values(DType.F16, DType.BF16)] DType type)
    {
        float[] every = Widened(type, s_every);
        for (int count = 0; count < 70; count++) Assert.That(Widened(type, s_every.AsSpan(2 * 15300, 2 * count)), Is.EqualTo(every[15300..(15300 + count)]), $"{count}");
    }

    [Test]
    public void Whole_numbers_widen_with_their_sign()
    {
        Assert.That(Widened(DType.I8, [0x80, 0x7f, 0xff]), Is.EqualTo(new float[] { -128, 127, -1 }));
        Assert.That(Widened(DType.U8, [0x80, 0x7f, 0xff]), Is.EqualTo(new float[] { 128, 127, 255 }));
        Assert.That(Widened(DType.I16, [0, 0x80, 0xff, 0x7f]), Is.EqualTo(new float[] { -32768, 32767 }));
        Assert.That(Widened(DType.I32, [.. BitConverter.GetBytes(int.MinValue), .. BitConverter.GetBytes(16777217)]), Is.EqualTo(new float[] { int.MinValue, 16777216 }));
        Assert.That(Widened(DType.Bool, [0, 1, 2]), Is.EqualTo(new float[] { 0, 1, 1 }));
    }
}
