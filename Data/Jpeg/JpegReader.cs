using System.Buffers.Binary;

namespace IlgpuXai.Data;

/// <summary>Goes through the segments of a file, lets each scan be read, and joins the components to a picture.</summary>
ref struct JpegReader(ReadOnlySpan<byte> data, string name)
{
    // A scan costs time for every block that it visits, even if it holds next to nothing; a picture that is drawn well stays far below.
    const int VisitsPerByte = 256;

    readonly ReadOnlySpan<byte> _data = data;
    readonly string _name = name;
    readonly int[]?[] _steps = new int[]?[4];
    readonly JpegHuffman?[] _dc = new JpegHuffman?[4], _ac = new JpegHuffman?[4];
    int _at;
    long _visits;
    int _restartInterval, _orientation = 1;
    bool _jfif;
    int? _adobeTransform;
    JpegFrame? _frame;
    JpegProgress? _progress;

    public Image Decode()
    {
        if (!_data.StartsWith(JpegFile.Start)) throw Refusal(JpegFile.Start.StartsWith(_data) ? "is truncated: it ends within the JPEG signature" : "is not a JPEG file");
        _at = 2;
        for (byte marker; (marker = Marker()) != 0xD9;) Segment(marker);
        if (_frame is null) throw Refusal("is damaged: it holds no picture");
        foreach (JpegComponent c in _frame.Components)
            if (c.Steps is null) throw Refusal($"is truncated: component {c.Id} is missing");
        if (_progress is not null)
        {
            _progress.CheckComplete();
            foreach (JpegComponent c in _frame.Components) ToSamples(c);
        }
        return JpegOrientation.Apply(Join(_frame, JpegColour.Of(_frame, _jfif, _adobeTransform)), _orientation);
    }

    readonly DataException Refusal(string reason) => new(_name, reason);

    byte Marker()
    {
        int begin = _at;
        while (_at + 1 < _data.Length && _data[_at] == 0xFF && _data[_at + 1] == 0xFF) _at++;
        if (_at + 1 >= _data.Length) throw Refusal("is truncated: it ends before its end marker");
        if (_data[_at] != 0xFF || _data[_at + 1] == 0) throw Refusal($"is damaged: a marker was expected at byte {begin}");
        _at += 2;
        return _data[_at - 1];
    }

    void Segment(byte marker)
    {
        if (marker is 0x01 or (>= 0xD0 and <= 0xD8)) throw Refusal($"is damaged: the marker FF{marker:X2} does not belong there");
        if (_at + 2 > _data.Length || BinaryPrimitives.ReadUInt16BigEndian(_data[_at..]) is var length && _at + length > _data.Length) throw Refusal($"is truncated: its segment FF{marker:X2} is cut");
        if (length < 2) throw Refusal($"is damaged: its segment FF{marker:X2} has a length of {length}");
        ReadOnlySpan<byte> segment = _data[(_at + 2)..(_at + length)];
        _at += length;
        switch (marker)
        {
            case 0xC0 or 0xC1 or 0xC2: Frame(segment, progressive: marker == 0xC2); break;
            case 0xC4: HuffmanTables(segment); break;
            case 0xDA: Scan(segment); break;
            case 0xDB: Quantisation(segment); break;
            case 0xDD: _restartInterval = segment.Length == 2 ? BinaryPrimitives.ReadUInt16BigEndian(segment) : throw Refusal("is damaged: its restart interval is cut"); break;
            case 0xE0: _jfif |= segment.Length >= 12 && segment.StartsWith("JFIF\0"u8); break;
            case 0xE1: _orientation = JpegOrientation.Find(segment) ?? _orientation; break;
            case 0xEE when segment.Length >= 12 && segment.StartsWith("Adobe"u8): _adobeTransform = segment[11]; break;
            case 0xC3 or 0xCB: throw Refusal("is a lossless JPEG file, which is not read");
            case 0xC5 or 0xC6 or 0xC7 or 0xCD or 0xCE or 0xCF or 0xDE or 0xDF: throw Refusal("is a hierarchical JPEG file, which is not read");
            case 0xC9 or 0xCA or 0xCC: throw Refusal("is a JPEG file with arithmetic coding, which is not read");
            case 0xDC: throw Refusal("states its height after the picture (DNL), which is not read");
            case (>= 0xE0 and <= 0xEF) or 0xFE: break;               // metadata and comments
            default: throw Refusal($"is damaged: FF{marker:X2} is no marker of a JPEG file");
        }
    }

    void Frame(ReadOnlySpan<byte> segment, bool progressive)
    {
        if (_frame is not null) throw Refusal("is damaged: it has a second frame header");
        JpegFrame frame = JpegFrame.Parse(segment, progressive, _name);
        ImageFile.CheckSize(_name, frame.Width, frame.Height, frame.Components.Count == 1 ? 1 : 3);
        // The shortest codes have one bit; a block has at least one, or two where it is complete in one scan.
        long least = frame.Blocks * (progressive ? 1 : 2);
        if (least > 8L * _data.Length) throw Refusal($"is truncated: {_data.Length} bytes cannot hold its {frame.Width}×{frame.Height} pixels");
        foreach (JpegComponent c in frame.Components) c.Allocate(coefficients: progressive);
        if (progressive) _progress = new JpegProgress(frame, _name);
        _frame = frame;
    }

    readonly void HuffmanTables(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 0)
        {
            int kind = segment[0] >> 4, index = segment[0] & 15;
            if (kind > 1 || index > 3) throw Refusal($"is damaged: {segment[0]:X2} names no Huffman table");
            segment = segment[1..];
            // The symbols of mean values are sizes alone.
            (kind == 0 ? _dc : _ac)[index] = JpegHuffman.Parse(ref segment, kind == 0 ? (byte)15 : byte.MaxValue, _name);
        }
    }

    readonly void Quantisation(ReadOnlySpan<byte> segment)
    {
        while (segment.Length > 0)
        {
            int bytes = 1 + (segment[0] >> 4), index = segment[0] & 15;
            if (bytes > 2 || index > 3) throw Refusal($"is damaged: {segment[0]:X2} names no quantisation table");
            if (segment.Length < 1 + 64 * bytes) throw Refusal("is damaged: a quantisation table is cut");
            var steps = new int[64];
            for (int k = 0; k < 64; k++) steps[JpegScan.NaturalOrder[k]] = bytes == 1 ? segment[1 + k] : BinaryPrimitives.ReadUInt16BigEndian(segment[(1 + 2 * k)..]);
            _steps[index] = steps;
            segment = segment[(1 + 64 * bytes)..];
        }
    }

    void Scan(ReadOnlySpan<byte> segment)
    {
        JpegFrame frame = _frame ?? throw Refusal("is damaged: a scan begins before the frame header");
        JpegScan scan = JpegScan.Parse(segment, frame, _dc, _ac, _restartInterval, _name);
        if ((_visits += scan.Blocks) > (long)VisitsPerByte * _data.Length) throw Refusal("has more scans than its size warrants");
        foreach (JpegScanComponent c in scan.Components)
        {
            if (c.Component.Steps is not null && !frame.Progressive) throw Refusal($"is damaged: component {c.Component.Id} has a second scan");
            c.Component.Steps ??= _steps[c.Component.Quantisation] ?? throw Refusal($"is damaged: the quantisation table {c.Component.Quantisation} is missing");
        }
        _progress?.Add(scan);
        var bits = new JpegBits(_data, _at, _name);
        JpegBlocks blocks = frame.Progressive ? new JpegProgressive(scan) : new JpegSequential(scan);
        blocks.Read(ref bits);
        _at = bits.Position;
    }

    static void ToSamples(JpegComponent c)
    {
        for (int y = 0, block = 0; y < c.BlocksDown; y++)
            for (int x = 0; x < c.BlocksAcross; x++, block += 64)
            {
                ReadOnlySpan<short> coefficients = c.Coefficients.AsSpan(block, 64);
                JpegIdct.Inverse(coefficients, c.Steps, coefficients[1..].ContainsAnyExcept((short)0) ? 63 : 0, c.Plane.AsSpan(8 * (y * c.Stride + x)), c.Stride);
            }
    }

    static Image Join(JpegFrame frame, JpegColourSpace space)
    {
        int channels = space == JpegColourSpace.Grey ? 1 : 3;
        var pixels = new byte[frame.Width * frame.Height * channels];
        JpegUpsampling[] rows = [.. frame.Components.Select(c => new JpegUpsampling(c, frame))];
        for (int y = 0; y < frame.Height; y++)
        {
            Span<byte> row = pixels.AsSpan(y * frame.Width * channels, frame.Width * channels);
            ReadOnlySpan<byte> first = rows[0].Row(y)[..frame.Width];
            if (channels == 1)
            {
                first.CopyTo(row);
                continue;
            }
            ReadOnlySpan<byte> second = rows[1].Row(y)[..frame.Width], third = rows[2].Row(y)[..frame.Width];
            if (space is JpegColourSpace.YCbCr or JpegColourSpace.Ycck) JpegColour.YCbCrToRgb(first, second, third, row);
            else JpegColour.Interleave(first, second, third, row);
            if (rows.Length == 4) JpegColour.InkToRgb(row, rows[3].Row(y)[..frame.Width], inverted: space == JpegColourSpace.Ycck);
        }
        return new Image(frame.Width, frame.Height, channels, pixels);
    }
}
