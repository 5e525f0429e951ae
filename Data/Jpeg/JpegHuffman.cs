namespace IlgpuXai.Data;

/// <summary>A Huffman table of a DHT segment (ITU-T T.81, annex C), with the first bits of a code looked up at once.</summary>
sealed class JpegHuffman
{
    /// <summary>Codes up to this length are looked up, longer ones are compared with the limits of each length.</summary>
    public const int LookupBits = 9;

    const int LongestCode = 16;

    readonly byte[] _symbols;
    readonly int[] _limits = new int[LongestCode + 1];               // of each length: the first code beyond, as 16 bits from the left
    readonly int[] _offsets = new int[LongestCode + 1];              // of each length: index of its first symbol − its first code

    JpegHuffman(ReadOnlySpan<byte> counts, byte[] symbols, string name)
    {
        _symbols = symbols;
        int code = 0, index = 0;
        for (int length = 1; length <= LongestCode; length++, code <<= 1)
        {
            _offsets[length] = index - code;
            for (int i = 0; i < counts[length - 1]; i++, index++, code++)
                if (length <= LookupBits && code < 1 << length) Spread(code, length, symbols[index]);
            // No code consists of ones alone (C.2), so a length may never be used up.
            if (code >= 1 << length) throw new DataException(name, $"is damaged: a Huffman table has more codes of {length} bits than there can be");
            _limits[length] = code << (LongestCode - length);
        }
        for (int bits = 0; bits < Fused.Length; bits++) Fused[bits] = Fuse(bits);
    }

    /// <summary>By the next bits of the stream: length &lt;&lt; 8 | symbol; 0 where the code is longer.</summary>
    public ushort[] Symbols { get; } = new ushort[1 << LookupBits];

    /// <summary>
    /// The same for coefficients, where a symbol is a run of zeros and the size of the value whose bits follow: value &lt;&lt; 16 | size &lt;&lt; 12 | run &lt;&lt; 8 | bits to pass over.
    /// A value whose bits lie within the looked-up ones is there and counted; else it is 0. 0 where the code is longer.
    /// </summary>
    public int[] Fused { get; } = new int[1 << LookupBits];

    /// <summary>Reads one table and moves on. A symbol is at most <paramref name="largest"/>.</summary>
    public static JpegHuffman Parse(ref ReadOnlySpan<byte> segment, byte largest, string name)
    {
        int total = 0;
        if (segment.Length < LongestCode) throw new DataException(name, "is damaged: a Huffman table is cut");
        ReadOnlySpan<byte> counts = segment[..LongestCode];
        foreach (byte count in counts) total += count;
        segment = segment[LongestCode..];
        if (total > 256 || total > segment.Length) throw new DataException(name, $"is damaged: a Huffman table of {total} symbols does not fit its segment");
        if (segment[..total].ContainsAnyExceptInRange((byte)0, largest)) throw new DataException(name, $"is damaged: a Huffman table has a symbol beyond {largest}");
        var table = new JpegHuffman(counts, segment[..total].ToArray(), name);
        segment = segment[total..];
        return table;
    }

    /// <summary>The code at the top of <paramref name="bits"/>, of any length: length &lt;&lt; 8 | symbol, 0 when it is none of the table's.</summary>
    public int Search(ulong bits)
    {
        int code = (int)(bits >> 48);
        for (int length = 1; length <= LongestCode; length++)
            if (code < _limits[length] && (code >> (LongestCode - length)) + _offsets[length] is var index && (uint)index < (uint)_symbols.Length)
                return length << 8 | _symbols[index];
        return 0;
    }

    void Spread(int code, int length, byte symbol) => Symbols.AsSpan(code << (LookupBits - length), 1 << (LookupBits - length)).Fill((ushort)(length << 8 | symbol));

    int Fuse(int bits)
    {
        int entry = Symbols[bits], length = entry >> 8, run = (entry >> 4) & 15, size = entry & 15;
        if (entry == 0) return 0;
        if (size == 0 || length + size > LookupBits) return size << 12 | run << 8 | length;
        int value = (bits >> (LookupBits - length - size)) & ((1 << size) - 1);
        return Extend(value, size) << 16 | size << 12 | run << 8 | (length + size);
    }

    /// <summary>The value that <paramref name="size"/> bits stand for (F.2.2.1): the lower half of them is negative.</summary>
    public static int Extend(int bits, int size) => bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits;
}
