namespace IlgpuXai.Data;

/// <summary>A component within a scan and the tables that the scan gives it.</summary>
readonly record struct JpegScanComponent(JpegComponent Component, JpegHuffman? Dc, JpegHuffman? Ac);

/// <summary>A scan header (SOS): components, band of coefficients First … Last in zigzag order, bit positions High (of the scan before) and Low.</summary>
sealed record JpegScan(JpegFrame Frame, JpegScanComponent[] Components, int First, int Last, int High, int Low, int RestartInterval, string Name)
{
    /// <summary>Natural order of the coefficients by their place in a stream; what runs beyond the last lands on the last.</summary>
    public static ReadOnlySpan<byte> NaturalOrder =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
        63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    ];

    /// <summary>A scan of one component holds its blocks in rows, as many as its samples need; one of several holds MCUs, H × V blocks of each.</summary>
    public bool Interleaved => Components.Length > 1;

    public int UnitsAcross => Interleaved ? Frame.McusAcross : (Components[0].Component.Width + 7) / 8;
    public int UnitsDown => Interleaved ? Frame.McusDown : (Components[0].Component.Height + 7) / 8;

    /// <summary>Blocks that the scan visits.</summary>
    public long Blocks => (long)UnitsAcross * UnitsDown * Components.Sum(c => Interleaved ? c.Component.H * c.Component.V : 1);

    public static JpegScan Parse(ReadOnlySpan<byte> data, JpegFrame frame, JpegHuffman?[] dc, JpegHuffman?[] ac, int restartInterval, string name)
    {
        DataException Damaged(string reason) => new(name, $"is damaged: {reason}");
        if (data.Length < 1 || data[0] is < 1 or > 4 || data.Length != 4 + 2 * data[0]) throw Damaged($"a scan header has {data.Length} bytes");
        // A sequential scan is always whole; some writers say otherwise, which readers pass over.
        (int first, int last, int high, int low) = frame.Progressive ? (data[^3], data[^2], data[^1] >> 4, data[^1] & 15) : (0, 63, 0, 0);
        int count = data[0];
        bool fits = !frame.Progressive || low <= 13 && (high == 0 || high == low + 1) && (first == 0 ? last == 0 : first <= last && last <= 63 && count == 1);
        if (!fits) throw Damaged($"a scan of {count} components has the coefficients {first}–{last} and the bits {high}, {low}");
        var components = new JpegScanComponent[count];
        for (int i = 0; i < count; i++)
        {
            (byte id, int dcTable, int acTable) = (data[1 + 2 * i], data[2 + 2 * i] >> 4, data[2 + 2 * i] & 15);
            JpegComponent component = frame.Find(id) ?? throw Damaged($"a scan names the component {id}, which there is not");
            if (Array.Exists(components, other => other.Component == component)) throw Damaged($"a scan names the component {id} twice");
            components[i] = new(component, dcTable < 4 ? dc[dcTable] : null, acTable < 4 ? ac[acTable] : null);
            bool complete = first == 0 && high > 0 || (first > 0 || components[i].Dc is not null) && (last == 0 || components[i].Ac is not null);
            if (!complete) throw Damaged($"a Huffman table of component {id} is missing");
        }
        if (count > 1 && components.Sum(c => c.Component.H * c.Component.V) > 10) throw Damaged("a scan has more than 10 blocks in a unit");
        return new(frame, components, first, last, high, low, restartInterval, name);
    }
}

/// <summary>Visits the blocks of a scan in the order of its stream and takes its restart markers.</summary>
abstract class JpegBlocks(JpegScan scan)
{
    protected JpegScan Scan { get; } = scan;

    /// <summary>Reads one block: the component's place within the scan, and the block's column and row.</summary>
    protected abstract void Read(ref JpegBits bits, int place, int column, int row);

    /// <summary>What is carried from block to block begins anew.</summary>
    protected abstract void Restart();

    public void Read(ref JpegBits bits)
    {
        int across = Scan.UnitsAcross, left = Scan.RestartInterval, restarts = 0;
        for (int y = 0; y < Scan.UnitsDown; y++)
        {
            for (int x = 0; x < across; x++)
            {
                if (Scan.RestartInterval > 0 && left-- == 0)
                {
                    bits.Restart(restarts++ & 7);
                    Restart();
                    left = Scan.RestartInterval - 1;
                }
                if (!Scan.Interleaved) Read(ref bits, 0, x, y);
                else
                    for (int place = 0; place < Scan.Components.Length; place++)
                    {
                        JpegComponent c = Scan.Components[place].Component;
                        for (int v = 0; v < c.V; v++)
                            for (int h = 0; h < c.H; h++) Read(ref bits, place, x * c.H + h, y * c.V + v);
                    }
            }
            bits.Check();
        }
        bits.Finish();
    }
}
