using IlgpuXai.Data;
using IlgpuXai.Engine;

namespace IlgpuXai.Experiments;

/// <summary>A picture file as a network's input.</summary>
/// <param name="Values">[C, H, W] in [0, 1].</param>
/// <param name="Note">What was changed to make it fit, null if nothing.</param>
public sealed record PictureInput(string Path, float[] Values, string? Note)
{
    /// <summary>
    /// Reads a PNG, lays transparent pixels over black, turns colour into grey (luma of Rec. 709) or grey into three equal channels as the network needs, and resizes by area average.
    /// </summary>
    /// <param name="shape">[C, H, W], C being 1 or 3.</param>
    /// <param name="invert">v ↦ 1 − v: for dark ink on light paper where the network was trained on light ink.</param>
    /// <exception cref="DataException">Not a readable picture.</exception>
    public static PictureInput Read(string path, Shape shape, bool invert = false)
    {
        var image = PngFile.Read(path);
        var (channels, height, width) = (shape[0], shape[1], shape[2]);
        float[] planes = Channels(image, channels);
        if (invert) planes = Array.ConvertAll(planes, v => 1 - v);
        if (image.Height == height && image.Width == width) return new(path, planes, null);
        return new(path, AreaAverage(planes, channels, image.Height, image.Width, height, width), $"resized from {image.Width}×{image.Height} to {width}×{height}");
    }

    static float[] Channels(Image image, int channels)
    {
        float[] all = image.ToPlanes();
        int area = image.Width * image.Height, colours = image.Channels >= 3 ? 3 : 1;
        if (image.Channels is 2 or 4)
            for (int c = 0; c < colours; c++)
                for (int i = 0; i < area; i++) all[c * area + i] *= all[(image.Channels - 1) * area + i];
        var planes = new float[channels * area];
        for (int i = 0; i < planes.Length; i++)
            planes[i] = colours == channels ? all[i]
                : colours == 1 ? all[i % area]
                : 0.2126f * all[i] + 0.7152f * all[area + i] + 0.0722f * all[2 * area + i];
        return planes;
    }

    /// <summary>Each output pixel is the mean of the input over the rectangle it covers, parts of pixels counted by area.</summary>
    static float[] AreaAverage(float[] x, int channels, int fromH, int fromW, int toH, int toW)
    {
        var y = new float[channels * toH * toW];
        for (int c = 0; c < channels; c++)
            for (int h = 0; h < toH; h++)
                for (int w = 0; w < toW; w++)
                {
                    double sum = 0, area = 0, top = (double)h * fromH / toH, bottom = (h + 1.0) * fromH / toH, left = (double)w * fromW / toW, right = (w + 1.0) * fromW / toW;
                    for (int r = (int)top; r < Math.Min(fromH, Math.Ceiling(bottom)); r++)
                        for (int q = (int)left; q < Math.Min(fromW, Math.Ceiling(right)); q++)
                        {
                            double part = (Math.Min(r + 1, bottom) - Math.Max(r, top)) * (Math.Min(q + 1, right) - Math.Max(q, left));
                            sum += part * x[(c * fromH + r) * fromW + q];
                            area += part;
                        }
                    y[(c * toH + h) * toW + w] = (float)(sum / area);
                }
        return y;
    }
}
