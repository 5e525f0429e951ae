namespace IlgpuXai.Data;

/// <summary>The words of a PNM file: numbers and bits between blanks; # begins a comment that ends with its line.</summary>
ref struct PnmText(ReadOnlySpan<byte> file, int at, string name)
{
    readonly ReadOnlySpan<byte> _file = file;
    readonly string _name = name;
    int _at = at;

    /// <summary>Bytes not yet read.</summary>
    public readonly int Left => _file.Length - _at;

    public int Number(string what, int largest)
    {
        Blanks();
        long value = -1;
        for (; _at < _file.Length && char.IsAsciiDigit((char)_file[_at]); _at++)
        {
            value = 10 * Math.Max(value, 0) + _file[_at] - '0';
            if (value > largest) throw new DataException(_name, $"is damaged: {what} is more than {largest}");
        }
        return value >= 0 ? (int)value : throw Missing(what);
    }

    /// <summary>0 or 1; bits need no blank between them.</summary>
    public int Bit()
    {
        Blanks();
        if (_at == _file.Length || _file[_at] is not ((byte)'0' or (byte)'1')) throw Missing("a sample");
        return _file[_at++] - '0';
    }

    /// <summary>The one blank between the header and raw samples.</summary>
    public void Separator()
    {
        if (_at == _file.Length || !char.IsWhiteSpace((char)_file[_at])) throw Missing("a blank");
        _at++;
    }

    public ReadOnlySpan<byte> Take(int count)
    {
        _at += count;
        return _file.Slice(_at - count, count);
    }

    public void End()
    {
        Blanks();
        if (Left > 0) throw new DataException(_name, $"has {Left} extra bytes after its picture");
    }

    void Blanks()
    {
        for (bool comment = false; _at < _file.Length; _at++)
        {
            char c = (char)_file[_at];
            comment = comment ? c is not ('\n' or '\r') : c == '#';
            if (!comment && !char.IsWhiteSpace(c)) return;
        }
    }

    readonly DataException Missing(string what) => new(_name, _at == _file.Length ? $"is truncated: it ends before {what}" : $"is damaged: {what} was expected at byte {_at}");
}
