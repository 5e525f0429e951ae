namespace IlgpuXai.Engine;

/// <summary>A number per image axis; one number stands for both: <c>stride: 2</c>, <c>padding: (0, 3)</c>.</summary>
public readonly record struct Pair(int H, int W)
{
    public static implicit operator Pair(int both) => new(both, both);
    public static implicit operator Pair((int H, int W) pair) => new(pair.H, pair.W);
    public static Pair FromInt32(int both) => both;
    public static Pair FromValueTuple((int H, int W) pair) => pair;
}
