namespace IlgpuXai.Data;

/// <summary>An element type of <c>.npy</c>: NumPy's letter and size, and the array that holds it here.</summary>
sealed record NpyType(string Code, int Size, Type Element)
{
    static readonly NpyType[] s_all =
    [
        new("b1", 1, typeof(bool)), new("i1", 1, typeof(sbyte)), new("u1", 1, typeof(byte)), new("i2", 2, typeof(short)), new("u2", 2, typeof(ushort)),
        new("i4", 4, typeof(int)), new("u4", 4, typeof(uint)), new("i8", 8, typeof(long)), new("u8", 8, typeof(ulong)),
        new("f2", 2, typeof(Half)), new("f4", 4, typeof(float)), new("f8", 8, typeof(double)),
    ];

    public static NpyType? Of(Array values) => s_all.FirstOrDefault(t => t.Element == values.GetType().GetElementType() && values.Rank == 1);

    public static NpyType? Named(string code) => s_all.FirstOrDefault(t => t.Code == code);

    /// <summary>As NumPy writes it: no byte order for single bytes.</summary>
    public string Descr => (Size == 1 ? "|" : "<") + Code;
}
