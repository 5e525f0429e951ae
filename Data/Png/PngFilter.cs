namespace IlgpuXai.Data;

/// <summary>The five filters of a PNG row; x the row, a the sample before it (<c>step</c> bytes back), b the one above, c the one before that; zero outside.</summary>
static class PngFilter
{
    public const int Kinds = 5;

    /// <summary>Filtered bytes back to samples, in place.</summary>
    public static void Undo(int kind, Span<byte> row, ReadOnlySpan<byte> above, int step)
    {
        for (int i = 0; i < row.Length; i++) row[i] += Predicted(kind, row, above, i, step);
    }

    public static void Apply(int kind, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int step, Span<byte> filtered)
    {
        for (int i = 0; i < row.Length; i++) filtered[i] = (byte)(row[i] - Predicted(kind, row, above, i, step));
    }

    static byte Predicted(int kind, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int i, int step)
    {
        if (kind == 0) return 0;
        int a = i >= step ? row[i - step] : 0, b = above[i];
        return (byte)(kind switch
        {
            1 => a,
            2 => b,
            3 => (a + b) >> 1,
            _ => Paeth(a, b, i >= step ? above[i - step] : 0),
        });
    }

    static int Paeth(int a, int b, int c)
    {
        int pa = Math.Abs(b - c), pb = Math.Abs(a - c), pc = Math.Abs(a + b - 2 * c);
        return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
    }
}
