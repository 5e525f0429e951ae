using System.Buffers.Binary;
using IlgpuXai.Data;

namespace IlgpuXai.Tests.Fuzz;

/// <summary>A file changed in one to four places, and what was changed, in words. The same reader, seed and seed files give the same bytes.</summary>
sealed class Mutation
{
    // Nearly all lengths, sizes and counts stand there.
    const int Head = 64;

    static readonly Action<Mutation>[] s_kinds =
        [m => m.FlipBit(), m => m.SetByte(), m => m.Cut(), m => m.Insert(), m => m.Remove(), m => m.Repeat(), m => m.Swap(), m => m.Fill(), m => m.SetNumber(), m => m.Splice()];

    static readonly byte[] s_extremes = [0, 1, 2, 0x7F, 0x80, 0xC0, 0xFE, 0xFF];
    static readonly long[] s_numbers = [0, 1, 2, 3, 7, 8, 255, 256, short.MaxValue, ushort.MaxValue, ushort.MaxValue + 1, int.MaxValue - 1, int.MaxValue, 1L << 31, uint.MaxValue, long.MaxValue, long.MinValue, -1];

    readonly SeededRandom _random;
    readonly IReadOnlyList<byte[]> _seeds;
    readonly List<string> _said = [];
    readonly List<byte> _bytes;

    Mutation(FuzzedReader reader, int seed)
    {
        _random = new SeededRandom((ulong)seed, [.. reader.Name.Select(c => (ulong)c)]);
        _seeds = reader.Seeds;
        int from = _random.Below(_seeds.Count);
        _bytes = [.. _seeds[from]];
        _said.Add($"seed file {from} of {_bytes.Count} bytes");
        for (int count = 1 + Math.Min(_random.Below(4), _random.Below(4)); count > 0; count--) s_kinds[_random.Below(s_kinds.Length)](this);
    }

    public static (byte[] Bytes, string Words) Of(FuzzedReader reader, int seed)
    {
        var mutation = new Mutation(reader, seed);
        return (reader.Repair([.. mutation._bytes]), string.Join(", ", mutation._said));
    }

    int Place() => _bytes.Count == 0 ? 0 : _random.Below(_random.Below(2) == 0 ? Math.Min(Head, _bytes.Count) : _bytes.Count);

    int Length(int at) => Math.Min(_bytes.Count - at, 1 + _random.Below(_random.Below(4) == 0 ? Math.Max(1, _bytes.Count - at) : 16));

    void FlipBit()
    {
        if (_bytes.Count == 0) return;
        (int at, int bit) = (Place(), _random.Below(8));
        _bytes[at] ^= (byte)(1 << bit);
        _said.Add($"flip bit {bit} of byte {at}");
    }

    void SetByte()
    {
        if (_bytes.Count == 0) return;
        int at = Place();
        _bytes[at] = _random.Below(2) == 0 ? s_extremes[_random.Below(s_extremes.Length)] : (byte)_random.Below(256);
        _said.Add($"set byte {at} to {_bytes[at]}");
    }

    void Cut()
    {
        int at = Place();
        _bytes.RemoveRange(at, _bytes.Count - at);
        _said.Add($"cut at {at}");
    }

    void Insert()
    {
        (int at, int count, int kind) = (Place(), 1 + _random.Below(16), _random.Below(3));
        _bytes.InsertRange(at, [.. Enumerable.Range(0, count).Select(_ => kind == 0 ? (byte)0 : kind == 1 ? (byte)255 : (byte)_random.Below(256))]);
        _said.Add($"insert {count} bytes at {at}");
    }

    void Remove()
    {
        int at = Place(), count = Length(at);
        _bytes.RemoveRange(at, count);
        _said.Add($"remove {count} bytes at {at}");
    }

    void Repeat()
    {
        int at = Place(), count = Length(at), times = 1 + _random.Below(3);
        for (int i = 0; i < times; i++) _bytes.InsertRange(at, _bytes.GetRange(at, count));
        _said.Add($"repeat {count} bytes at {at} {times} times");
    }

    void Swap()
    {
        int first = Place(), second = Place(), count = Math.Min(Length(Math.Max(first, second)), Math.Abs(first - second));
        for (int i = 0; i < count; i++) (_bytes[first + i], _bytes[second + i]) = (_bytes[second + i], _bytes[first + i]);
        _said.Add($"swap {count} bytes at {first} and {second}");
    }

    void Fill()
    {
        int at = Place(), count = Length(at);
        byte value = _random.Below(2) == 0 ? (byte)0 : (byte)255;
        for (int i = 0; i < count; i++) _bytes[at + i] = value;
        _said.Add($"fill {count} bytes at {at} with {value}");
    }

    /// <summary>A number of 2, 4 or 8 bytes of either order becomes an extreme, the length of the file, or a little more or less than it was.</summary>
    void SetNumber()
    {
        int size = 2 << _random.Below(3), at = Place();
        if (at + size > _bytes.Count) return;
        bool big = _random.Below(2) == 0;
        byte[] word = new byte[8];
        for (int i = 0; i < size; i++) word[i] = _bytes[at + (big ? size - 1 - i : i)];
        long value = _random.Below(4) switch
        {
            0 => BinaryPrimitives.ReadInt64LittleEndian(word) + _random.Below(17) - 8,
            1 => _bytes.Count + _random.Below(9) - 4,
            _ => s_numbers[_random.Below(s_numbers.Length)],
        };
        BinaryPrimitives.WriteInt64LittleEndian(word, value);
        for (int i = 0; i < size; i++) _bytes[at + (big ? size - 1 - i : i)] = word[i];
        _said.Add($"write {value} as {size} {(big ? "big" : "little")}-endian bytes at {at}");
    }

    void Splice()
    {
        byte[] other = _seeds[_random.Below(_seeds.Count)];
        int at = Place(), from = _random.Below(other.Length), count = Math.Min(other.Length - from, Length(at));
        _bytes.RemoveRange(at, Math.Min(count, _bytes.Count - at));
        _bytes.InsertRange(at, other[from..(from + count)]);
        _said.Add($"replace {count} bytes at {at} by those of another seed file at {from}");
    }
}
