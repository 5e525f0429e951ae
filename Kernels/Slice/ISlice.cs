namespace IlgpuXai.Kernels;

/// <summary>A range of one axis: whole [Outer, Whole, Inner], part [Outer, Part, Inner] = whole[:, Offset … Offset + Part, :].</summary>
public readonly record struct SliceShape(int Outer, int Whole, int Offset, int Part, int Inner)
{
    internal void Check(View whole, View part)
    {
        if (Offset < 0 || Part < 0 || Offset > Whole - Part) throw new ShapeException($"slice: [{Offset}, {Offset + Part}) lies outside an axis of {Whole}");
        Expect.Length(whole, (long)Outer * Whole * Inner, "slice: the whole");
        Expect.Length(part, (long)Outer * Part * Inner, "slice: the part");
    }
}

/// <summary>Concatenation and slicing along one axis, and their gradients: each is an extract or an insert.</summary>
public interface ISlice
{
    /// <summary>part ← whole's range.</summary>
    void Extract(View whole, View part, SliceShape s);

    /// <summary>whole's range ← part; the rest of whole stays as it is.</summary>
    void Insert(View part, View whole, SliceShape s);
}
