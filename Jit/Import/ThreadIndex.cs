using ILGPU;

namespace IlgpuXai.Jit;

/// <summary>Where the running thread stands, from the numbers that every device has: its place along each axis.</summary>
static class ThreadIndex
{
    /// <summary>The expression of a member of <see cref="Grid"/>, <see cref="Group"/> or <see cref="Warp"/>; null for members that do something.</summary>
    public static Expr? Find(string known) => known switch
    {
        "Group.IdxX" or "Group.IdxY" or "Group.IdxZ" or "Group.DimX" or "Group.DimY" or "Group.DimZ" or
        "Grid.IdxX" or "Grid.IdxY" or "Grid.IdxZ" or "Grid.DimX" or "Grid.DimY" or "Grid.DimZ" or
        "Warp.WarpSize" => new Intrinsic(known, [], typeof(int)),
        "Group.Index" => Triple(a => Number("Group.Idx", a)),
        "Group.Dimension" => Triple(a => Number("Group.Dim", a)),
        "Grid.Index" => Triple(a => Number("Grid.Idx", a)),
        "Grid.Dimension" => Triple(a => Number("Grid.Dim", a)),
        "Grid.GlobalIndex" => Triple(a => Add(Multiply(Number("Grid.Idx", a), Number("Group.Dim", a)), Number("Group.Idx", a))),
        "Group.LinearIndex" => Linear("Group"),
        "Grid.LinearIndex" => Linear("Grid"),
        "Grid.GlobalLinearIndex" => Add(Multiply(Linear("Grid"), Threads()), Linear("Group")),
        "Group.IsFirstThread" => new Comparison("==", Linear("Group"), Constant.Int(0), false),
        "Group.IsLastThread" => new Comparison("==", Linear("Group"), new Binary("-", Threads(), Constant.Int(1), typeof(int)), false),
        "Warp.LaneIdx" => new Binary("%", Linear("Group"), WarpSize(), typeof(int)),
        "Warp.WarpIdx" => new Binary("/", Linear("Group"), WarpSize(), typeof(int)),
        "Warp.IsFirstLane" => new Comparison("==", Find("Warp.LaneIdx")!, Constant.Int(0), false),
        "Warp.IsLastLane" => new Comparison("==", Find("Warp.LaneIdx")!, new Binary("-", WarpSize(), Constant.Int(1), typeof(int)), false),
        _ => null,
    };

    static Intrinsic WarpSize() => new Intrinsic("Warp.WarpSize", [], typeof(int));
    static Intrinsic Number(string what, char axis) => new Intrinsic(what + axis, [], typeof(int));
    static Binary Add(Expr a, Expr b) => new Binary("+", a, b, typeof(int));
    static Binary Multiply(Expr a, Expr b) => new Binary("*", a, b, typeof(int));
    static Aggregate Triple(Func<char, Expr> along) => new Aggregate(typeof(Index3D), [along('X'), along('Y'), along('Z')]);
    static Binary Threads() => Multiply(Multiply(Number("Group.Dim", 'X'), Number("Group.Dim", 'Y')), Number("Group.Dim", 'Z'));

    static Binary Linear(string of) =>
        Add(Multiply(Add(Multiply(Number($"{of}.Idx", 'Z'), Number($"{of}.Dim", 'Y')), Number($"{of}.Idx", 'Y')), Number($"{of}.Dim", 'X')), Number($"{of}.Idx", 'X'));
}
