using System.Buffers.Binary;

namespace IlgpuXai.Data;

/// <summary>
/// PBM, PGM and PPM of Netpbm, plain (P1, P2, P3) and raw (P4, P5, P6), reading only. Bitmaps come back as grey, black 0 and white 255. Samples of another largest value than
/// 255 are spread over 8 bits, and over 16 where it is larger: round(v · 255 / largest), round(v · 65535 / largest).
/// </summary>
public static class PnmFile
{
    /// <exception cref="DataException">Missing, unreadable, truncated, damaged, followed by more, not PNM, or larger than <see cref="ImageFile.MaxSamples"/>.</exception>
    public static Image Read(string path) => Decode(ImageFile.Bytes(path), path);

    /// <param name="pnm">A whole file.</param>
    /// <param name="name">What errors call it.</param>
    /// <inheritdoc cref="Read"/>
    public static Image Decode(ReadOnlySpan<byte> pnm, string name)
    {
        if (!IsPnm(pnm)) throw new DataException(name, "is not a PBM, PGM or PPM file");
        int kind = pnm[1] - '0';
        bool plain = kind <= 3, bitmap = kind is 1 or 4;
        var text = new PnmText(pnm, 2, name);
        (int width, int height, int largest) = (text.Number("its width", int.MaxValue), text.Number("its height", int.MaxValue), bitmap ? 1 : text.Number("its largest value", ushort.MaxValue));
        int channels = kind is 3 or 6 ? 3 : 1;
        if (width == 0 || height == 0 || largest == 0) throw new DataException(name, $"its size {width}×{height} with samples up to {largest} is not a picture's");
        ImageFile.CheckSize(name, width, height, channels);
        int count = width * height * channels, sampleBytes = largest > byte.MaxValue ? 2 : 1;
        if (!plain) text.Separator();
        // A plain sample takes a digit and, but in bitmaps, a blank: what claims more is refused before memory is taken for it.
        long needed = plain ? bitmap ? count : 2L * count - 1 : bitmap ? (width + 7L) / 8 * height : (long)count * sampleBytes;
        if (text.Left < needed) throw new DataException(name, $"is truncated: its samples need {needed} bytes, {text.Left} are there");
        var samples = new ushort[count];
        if (plain)
            for (int i = 0; i < count; i++) samples[i] = (ushort)(bitmap ? text.Bit() : text.Number("a sample", ushort.MaxValue));
        else ReadRaw(text.Take((int)needed), width, bitmap, sampleBytes, samples);
        text.End();
        return ToImage(width, height, channels, samples, largest, bitmap, name);
    }

    internal static bool IsPnm(ReadOnlySpan<byte> file) => file.Length >= 2 && file[0] == 'P' && file[1] is >= (byte)'1' and <= (byte)'6';

    static void ReadRaw(ReadOnlySpan<byte> data, int width, bool bitmap, int sampleBytes, ushort[] samples)
    {
        int rowBytes = (width + 7) / 8;
        for (int i = 0; i < samples.Length; i++)
            samples[i] = bitmap ? (ushort)((data[i / width * rowBytes + i % width / 8] >> (7 - i % width % 8)) & 1)
                : sampleBytes == 1 ? data[i] : BinaryPrimitives.ReadUInt16BigEndian(data[(2 * i)..]);
    }

    static Image ToImage(int width, int height, int channels, ushort[] samples, int largest, bool bitmap, string name)
    {
        foreach (ushort v in samples)
            if (v > largest) throw new DataException(name, $"is damaged: it has the sample {v}, its largest is {largest}");
        if (bitmap) return new Image(width, height, channels, Array.ConvertAll(samples, v => v == 0 ? byte.MaxValue : byte.MinValue));
        if (largest <= byte.MaxValue) return new Image(width, height, channels, Array.ConvertAll(samples, v => (byte)((v * 255 + largest / 2) / largest)));
        return new Image(width, height, channels, Array.ConvertAll(samples, v => (ushort)(((long)v * 65535 + largest / 2) / largest)));
    }
}
