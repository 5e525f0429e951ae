namespace IlgpuXai.Kernels;

/// <summary>The compiled tiles of one vector width, by height.</summary>
static unsafe class TileTable<V> where V : struct, ILanes<V>
{
    static readonly delegate*<int, float*, float*, float*, nint, float*, bool, void>[] ByRows =
    [
        null, &Tile.Run<Rows1, V>, &Tile.Run<Rows2, V>, &Tile.Run<Rows3, V>, &Tile.Run<Rows4, V>, &Tile.Run<Rows5, V>, &Tile.Run<Rows6, V>, &Tile.Run<Rows7, V>,
        &Tile.Run<Rows8, V>, &Tile.Run<Rows9, V>, &Tile.Run<Rows10, V>, &Tile.Run<Rows11, V>, &Tile.Run<Rows12, V>, &Tile.Run<Rows13, V>, &Tile.Run<Rows14, V>,
    ];

    public static delegate*<int, float*, float*, float*, nint, float*, bool, void> WithRows(int rows) => ByRows[rows];
}

readonly struct Rows1 : IRowCount { public static int Rows => 1; }
readonly struct Rows2 : IRowCount { public static int Rows => 2; }
readonly struct Rows3 : IRowCount { public static int Rows => 3; }
readonly struct Rows4 : IRowCount { public static int Rows => 4; }
readonly struct Rows5 : IRowCount { public static int Rows => 5; }
readonly struct Rows6 : IRowCount { public static int Rows => 6; }
readonly struct Rows7 : IRowCount { public static int Rows => 7; }
readonly struct Rows8 : IRowCount { public static int Rows => 8; }
readonly struct Rows9 : IRowCount { public static int Rows => 9; }
readonly struct Rows10 : IRowCount { public static int Rows => 10; }
readonly struct Rows11 : IRowCount { public static int Rows => 11; }
readonly struct Rows12 : IRowCount { public static int Rows => 12; }
readonly struct Rows13 : IRowCount { public static int Rows => 13; }
readonly struct Rows14 : IRowCount { public static int Rows => 14; }
