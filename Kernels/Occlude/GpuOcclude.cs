using ILGPU;

namespace IlgpuXai.Kernels;

/// <summary>One thread per pixel of the batch, or of the map.</summary>
sealed class GpuOcclude(IKernelRunner runner) : IOcclude
{
    readonly Action<Index1D, View, View, View, int, OccludeShape> _paint = runner.LoadAuto<View, View, View, int, OccludeShape>(PaintKernel);
    readonly Action<Index1D, View, View, OccludeShape> _average = runner.LoadAuto<View, View, OccludeShape>(AverageKernel);

    public void Paint(View image, View baseline, View batch, int first, int count, OccludeShape s)
    {
        s.CheckPaint(image, baseline, batch, first, count);
        _paint(batch.IntLength, image, baseline, batch, first, s);
    }

    public void Average(View drops, View map, OccludeShape s)
    {
        s.CheckAverage(drops, map);
        _average(map.IntLength, drops, map, s);
    }

    static void PaintKernel(Index1D i, View image, View baseline, View batch, int first, OccludeShape s)
    {
        int w = i % s.W, h = i / s.W % s.H, pixel = i % (s.C * s.H * s.W), position = first + i / (s.C * s.H * s.W);
        int top = position / s.Columns * s.StrideH, left = position % s.Columns * s.StrideW;
        bool covered = h >= top && h < top + s.WindowH && w >= left && w < left + s.WindowW;
        batch[i] = covered ? baseline[pixel] : image[pixel];
    }

    static void AverageKernel(Index1D pixel, View drops, View map, OccludeShape s)
    {
        int w = pixel % s.W, h = pixel / s.W;
        int firstRow = OccludeShape.FirstCovering(h, s.WindowH, s.StrideH), lastRow = IntrinsicMath.Min(h / s.StrideH, s.Rows - 1);
        int firstColumn = OccludeShape.FirstCovering(w, s.WindowW, s.StrideW), lastColumn = IntrinsicMath.Min(w / s.StrideW, s.Columns - 1);
        float sum = 0f;
        for (int i = firstRow; i <= lastRow; i++)
            for (int j = firstColumn; j <= lastColumn; j++) sum += drops[i * s.Columns + j];
        map[pixel] = sum / ((lastRow - firstRow + 1) * (lastColumn - firstColumn + 1));
    }
}
