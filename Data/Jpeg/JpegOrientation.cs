using System.Buffers.Binary;

namespace IlgpuXai.Data;

/// <summary>How a camera was held: tag 274 of Exif metadata, 1–8. What is not understood there says nothing, like no metadata at all.</summary>
static class JpegOrientation
{
    const ushort Tag = 274, Short = 3;

    /// <summary>From the content of an APP1 segment; null when it says nothing.</summary>
    public static int? Find(ReadOnlySpan<byte> segment)
    {
        if (!segment.StartsWith("Exif\0\0"u8)) return null;
        ReadOnlySpan<byte> tiff = segment[6..];
        if (!tiff.StartsWith("II*\0"u8) && !tiff.StartsWith("MM\0*"u8)) return null;
        bool big = tiff[0] == 'M';
        if (tiff.Length < 8) return null;
        uint at = big ? BinaryPrimitives.ReadUInt32BigEndian(tiff[4..]) : BinaryPrimitives.ReadUInt32LittleEndian(tiff[4..]);
        if (at > tiff.Length - 2) return null;
        int entries = Word(tiff[(int)at..], big);
        ReadOnlySpan<byte> entry = tiff[((int)at + 2)..];
        for (; entries > 0 && entry.Length >= 12; entries--, entry = entry[12..])
            if (Word(entry, big) == Tag && Word(entry[2..], big) == Short) return Word(entry[8..], big) is >= 1 and <= 8 and var orientation ? orientation : null;
        return null;
    }

    static ushort Word(ReadOnlySpan<byte> bytes, bool big) => big ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    /// <summary>The picture as it was seen.</summary>
    public static Image Apply(Image image, int orientation)
    {
        if (orientation == 1) return image;
        int w = image.Width, h = image.Height, c = image.Channels;
        // Pixel (x, y) comes from first + x·right + y·down.
        (int first, int right, int down) = orientation switch
        {
            2 => (w - 1, -1, w),
            3 => (w * h - 1, -1, -w),
            4 => (w * (h - 1), 1, -w),
            5 => (0, w, 1),
            6 => (w * (h - 1), -w, 1),
            7 => (w * h - 1, -w, -1),
            _ => (w - 1, w, -1),
        };
        (int width, int height) = orientation >= 5 ? (h, w) : (w, h);
        ReadOnlySpan<byte> from = image.Bytes;
        var to = new byte[from.Length];
        for (int y = 0, at = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                for (int i = 0, pixel = c * (first + x * right + y * down); i < c; i++) to[at++] = from[pixel + i];
        return new Image(width, height, c, to);
    }
}
