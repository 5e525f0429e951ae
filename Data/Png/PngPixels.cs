using System.Buffers.Binary;

namespace IlgpuXai.Data;

/// <summary>Rows as the file stores them to samples of an <see cref="Image"/>: bits unpacked, grey spread over 8 bits, palette looked up, transparency made an alpha channel.</summary>
sealed class PngPixels
{
    readonly PngHeader _header;
    readonly string _name;
    readonly byte[]? _palette;
    readonly byte[]? _paletteAlpha;
    readonly int[]? _transparentColour;

    public PngPixels(PngChunks chunks, string name)
    {
        (_header, _name) = (chunks.Header, name);
        if (_header.Colour == PngColour.Palette)
            (_palette, _paletteAlpha) = (chunks.Palette, chunks.Transparency);
        else if (chunks.Transparency is { } colour)
            // Only the low bits of the stored 16 count for shallower samples.
            _transparentColour = [.. Enumerable.Range(0, _header.Channels).Select(c => BinaryPrimitives.ReadUInt16BigEndian(colour.AsSpan(2 * c)) & ((1 << _header.BitDepth) - 1))];
        Channels = (_palette is not null ? 3 : _header.Channels) + (chunks.Transparency is not null ? 1 : 0);
    }

    /// <summary>Channels of the image that comes out.</summary>
    public int Channels { get; }

    /// <summary>One pixel from a row: sample values at the image's depth, 8 or 16 bits.</summary>
    public void Read(ReadOnlySpan<byte> row, int x, Span<ushort> pixel)
    {
        if (_palette is not null)
        {
            int entry = Sample(row, x);
            if (entry >= _palette.Length / 3) throw new DataException(_name, $"is damaged: it uses colour {entry} of a palette of {_palette.Length / 3}");
            for (int c = 0; c < 3; c++) pixel[c] = _palette[3 * entry + c];
            if (_paletteAlpha is not null) pixel[3] = entry < _paletteAlpha.Length ? _paletteAlpha[entry] : (ushort)255;
            return;
        }
        int channels = _header.Channels;
        bool transparent = _transparentColour is not null;
        for (int c = 0; c < channels; c++)
        {
            int raw = Sample(row, x * channels + c);
            transparent = transparent && raw == _transparentColour![c];
            pixel[c] = (ushort)(_header.BitDepth < 8 ? raw * 255 / ((1 << _header.BitDepth) - 1) : raw);
        }
        if (_transparentColour is not null) pixel[channels] = (ushort)(transparent ? 0 : _header.BitDepth == 16 ? ushort.MaxValue : byte.MaxValue);
    }

    int Sample(ReadOnlySpan<byte> row, int i)
    {
        int depth = _header.BitDepth;
        if (depth == 8) return row[i];
        if (depth == 16) return BinaryPrimitives.ReadUInt16BigEndian(row[(2 * i)..]);
        int bit = i * depth;                                         // the leftmost pixel in the highest bits
        return (row[bit >> 3] >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
    }
}
