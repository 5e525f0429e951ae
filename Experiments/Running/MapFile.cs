using IlgpuXai.Data;
using IlgpuXai.Xai;

namespace IlgpuXai.Experiments;

/// <summary>The raw maps of one image as .npy: float32 [2, H, W], the drop of the logit, then the drop of the probability. Whole or absent.</summary>
static class MapFile
{
    public static void Write(string path, OcclusionMaps maps) =>
        Npy.Write(path, [.. maps.Logit.Values, .. maps.Probability.Values], 2, maps.Logit.Height, maps.Logit.Width);

    /// <exception cref="DataException">Not the maps of an image of this size.</exception>
    public static OcclusionMaps Read(string path, int height, int width)
    {
        var array = Npy.Read(path);
        if (!array.Shape.SequenceEqual([2, height, width]) || array.Values is not float[] values)
            throw new DataException(path, $"should hold float32 [2, {height}, {width}]; delete it and repeat the command to compute it again");
        return new(new(height, width, values[..(height * width)]), new(height, width, values[(height * width)..]));
    }
}
