using System.Buffers.Binary;

namespace IlgpuXai.Data;

/// <summary>One colour component: how it is sampled, where its blocks lie, and what has been decoded of it.</summary>
sealed class JpegComponent(byte id, int h, int v, int quantisation)
{
    public byte Id { get; } = id;
    public int H { get; } = h;
    public int V { get; } = v;
    public int Quantisation { get; } = quantisation;

    /// <summary>Samples that belong to the picture: ⌈width · H / largest H⌉, likewise the height.</summary>
    public int Width { get; private set; }
    public int Height { get; private set; }

    /// <summary>Blocks that are stored, whole MCUs.</summary>
    public int BlocksAcross { get; private set; }
    public int BlocksDown { get; private set; }

    /// <summary>The quantisation table as it was when the first scan of the component began, in natural order; null before.</summary>
    public int[]? Steps { get; set; }

    /// <summary>Samples [8·BlocksDown, Stride].</summary>
    public byte[] Plane { get; private set; } = [];
    public int Stride => 8 * BlocksAcross;

    /// <summary>Coefficients of a progressive picture, 64 a block, blocks in rows.</summary>
    public short[] Coefficients { get; private set; } = [];

    public void Measure(JpegFrame frame)
    {
        (Width, Height) = ((frame.Width * H + frame.MaxH - 1) / frame.MaxH, (frame.Height * V + frame.MaxV - 1) / frame.MaxV);
        (BlocksAcross, BlocksDown) = (frame.McusAcross * H, frame.McusDown * V);
    }

    public void Allocate(bool coefficients)
    {
        Plane = new byte[64 * BlocksAcross * BlocksDown];
        if (coefficients) Coefficients = new short[Plane.Length];
    }

    public ReadOnlySpan<byte> Row(int y) => Plane.AsSpan(y * Stride, Width);
}

/// <summary>A frame header (SOF0, SOF1 or SOF2), checked: baseline, extended sequential or progressive, 8 bits, Huffman.</summary>
sealed class JpegFrame
{
    JpegFrame(bool progressive, int width, int height, JpegComponent[] components)
    {
        (Progressive, Width, Height, Components) = (progressive, width, height, components);
        (MaxH, MaxV) = (components.Max(c => c.H), components.Max(c => c.V));
        foreach (JpegComponent c in components) c.Measure(this);
    }

    public bool Progressive { get; }
    public int Width { get; }
    public int Height { get; }
    public IReadOnlyList<JpegComponent> Components { get; }
    public int MaxH { get; }
    public int MaxV { get; }
    public int McusAcross => (Width + 8 * MaxH - 1) / (8 * MaxH);
    public int McusDown => (Height + 8 * MaxV - 1) / (8 * MaxV);

    /// <summary>Blocks of all components.</summary>
    public long Blocks => Components.Sum(c => (long)c.BlocksAcross * c.BlocksDown);

    public static JpegFrame Parse(ReadOnlySpan<byte> data, bool progressive, string name)
    {
        if (data.Length < 6 || data.Length != 6 + 3 * data[5]) throw new DataException(name, $"is damaged: its frame header has {data.Length} bytes");
        if (data[0] != 8) throw new DataException(name, $"has samples of {data[0]} bits, 8 are read");
        int height = BinaryPrimitives.ReadUInt16BigEndian(data[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(data[3..]), count = data[5];
        if (height == 0) throw new DataException(name, "states its height after the picture (DNL), which is not read");
        if (width == 0) throw new DataException(name, $"its size {width}×{height} is not a picture's");
        if (count is not (1 or 3 or 4)) throw new DataException(name, $"has {count} components, 1, 3 and 4 are read");
        var components = new JpegComponent[count];
        for (int i = 0; i < count; i++)
        {
            (byte id, int h, int v, byte table) = (data[6 + 3 * i], data[7 + 3 * i] >> 4, data[7 + 3 * i] & 15, data[8 + 3 * i]);
            if (Array.Exists(components, other => other?.Id == id)) throw new DataException(name, $"is damaged: two components have the number {id}");
            if (h is < 1 or > 4 || v is < 1 or > 4 || table > 3) throw new DataException(name, $"is damaged: component {id} has the sampling factors {h}×{v} and the quantisation table {table}");
            components[i] = count == 1 ? new(id, 1, 1, table) : new(id, h, v, table);          // alone, every sampling is the same
        }
        var frame = new JpegFrame(progressive, width, height, components);
        foreach (JpegComponent c in components)
            if (frame.MaxH % c.H != 0 || frame.MaxV % c.V != 0) throw new DataException(name, $"samples a component {c.H}×{c.V} of {frame.MaxH}×{frame.MaxV}, only whole multiples are read");
        return frame;
    }

    public JpegComponent? Find(byte id) => Components.FirstOrDefault(c => c.Id == id);
}
