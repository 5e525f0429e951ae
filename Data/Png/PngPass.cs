namespace IlgpuXai.Data;

/// <summary>A sub-picture: pixel (i, j) of the pass is pixel (X0 + i·StepX, Y0 + j·StepY) of the picture.</summary>
readonly record struct PngPass(int X0, int Y0, int StepX, int StepY, int Width, int Height)
{
    static readonly (int X0, int Y0, int StepX, int StepY)[] s_adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    /// <summary>The seven passes of Adam7, or the picture as one; passes without a pixel are left out, as the file leaves them out.</summary>
    public static IEnumerable<PngPass> Of(PngHeader header) => header.Interlaced
        ? s_adam7.Select(p => new PngPass(p.X0, p.Y0, p.StepX, p.StepY, Steps(header.Width, p.X0, p.StepX), Steps(header.Height, p.Y0, p.StepY))).Where(p => p.Width > 0 && p.Height > 0)
        : [new PngPass(0, 0, 1, 1, header.Width, header.Height)];

    static int Steps(int size, int first, int step) => size <= first ? 0 : (int)(((long)size - first + step - 1) / step);
}
