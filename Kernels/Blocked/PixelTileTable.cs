namespace IlgpuXai.Kernels;

/// <summary>The compiled tiles of one pixel stride and vector width, by height; each is compiled when it is first used.</summary>
static unsafe class PixelTileTable<TStride, V> where TStride : struct, IPixelStride where V : struct, ILanes<V>
{
    static readonly delegate*<float*, nint*, int, int, nint, float*, float*, nint, Epilogue*, void>[] s_byRows =
    [
        null,
        &PixelTile.Run<Rows1, TStride, V>, &PixelTile.Run<Rows2, TStride, V>, &PixelTile.Run<Rows3, TStride, V>, &PixelTile.Run<Rows4, TStride, V>,
        &PixelTile.Run<Rows5, TStride, V>, &PixelTile.Run<Rows6, TStride, V>, &PixelTile.Run<Rows7, TStride, V>, &PixelTile.Run<Rows8, TStride, V>,
        &PixelTile.Run<Rows9, TStride, V>, &PixelTile.Run<Rows10, TStride, V>, &PixelTile.Run<Rows11, TStride, V>, &PixelTile.Run<Rows12, TStride, V>,
        &PixelTile.Run<Rows13, TStride, V>, &PixelTile.Run<Rows14, TStride, V>,
    ];

    public static delegate*<float*, nint*, int, int, nint, float*, float*, nint, Epilogue*, void> WithRows(int rows) => s_byRows[rows];
}

/// <summary>Pixels of a blocked map.</summary>
readonly struct BlockStride : IPixelStride { public static int Floats => BlockedMaps.Lanes; }

/// <summary>Any distance, told at run time.</summary>
readonly struct AnyStride : IPixelStride { public static int Floats => 0; }

// First layers: channels · stride of interleaved pixels.
readonly struct Stride1 : IPixelStride { public static int Floats => 1; }
readonly struct Stride3 : IPixelStride { public static int Floats => 3; }
readonly struct Stride6 : IPixelStride { public static int Floats => 6; }
