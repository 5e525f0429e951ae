namespace IlgpuXai.Kernels;

sealed unsafe class CpuOcclude(Team team) : IOcclude
{
    public void Paint(View image, View baseline, View batch, int first, int count, OccludeShape s)
    {
        s.CheckPaint(image, baseline, batch, first, count);
        int plane = s.H * s.W;
        team.For((long)count * s.C, Math.Max(1, Team.Grain / plane), (from, to) =>
        {
            for (long u = from; u < to; u++)
            {
                int position = first + (int)(u / s.C), c = (int)(u % s.C);
                int top = position / s.Columns * s.StrideH, left = position % s.Columns * s.StrideW;
                int bottom = Math.Min(top + s.WindowH, s.H), width = Math.Min(s.WindowW, s.W - left);
                float* from0 = image.Data + c * plane, instead = baseline.Data + c * plane, to0 = batch.Data + u * plane;
                new Span<float>(from0, plane).CopyTo(new(to0, plane));
                for (int h = top; h < bottom; h++) new Span<float>(instead + h * s.W + left, width).CopyTo(new(to0 + h * s.W + left, width));
            }
        });
    }

    /// <remarks>A row of pixels first sums the columns of positions over the window rows that cover it, then each pixel a stretch of those sums.</remarks>
    public void Average(View drops, View map, OccludeShape s)
    {
        s.CheckAverage(drops, map);
        long work = (long)s.W * s.Columns + (long)s.Columns * s.Rows;
        team.For(s.H, Math.Max(1, Team.Grain / work), (from, to) =>
        {
            double[] sums = new double[s.Columns];
            for (int h = (int)from; h < to; h++)
            {
                int firstRow = OccludeShape.FirstCovering(h, s.WindowH, s.StrideH), lastRow = Math.Min(h / s.StrideH, s.Rows - 1);
                Array.Clear(sums);
                for (int i = firstRow; i <= lastRow; i++)
                    for (int j = 0; j < sums.Length; j++) sums[j] += drops.Data[i * s.Columns + j];
                for (int w = 0; w < s.W; w++)
                {
                    int firstColumn = OccludeShape.FirstCovering(w, s.WindowW, s.StrideW), lastColumn = Math.Min(w / s.StrideW, s.Columns - 1);
                    double sum = 0;
                    for (int j = firstColumn; j <= lastColumn; j++) sum += sums[j];
                    map.Data[h * s.W + w] = (float)(sum / ((lastRow - firstRow + 1) * (lastColumn - firstColumn + 1)));
                }
            }
        });
    }
}
