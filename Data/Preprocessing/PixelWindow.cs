namespace IlgpuXai.Data;

/// <summary>A rectangle of pixels.</summary>
public readonly record struct PixelWindow(int Left, int Top, int Width, int Height)
{
    public int Right => Left + Width;
    public int Bottom => Top + Height;
}
