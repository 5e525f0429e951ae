namespace IlgpuXai.Tests;

/// <summary>Random test inputs that float32 holds exactly, so that definition and device see the same numbers.</summary>
static class Draw
{
    /// <summary>Uniform in [low, high).</summary>
    public static double[] Uniform(Random rng, int count, double low = -1, double high = 1)
    {
        var values = new double[count];
        for (int i = 0; i < count; i++) values[i] = (float)(low + (high - low) * rng.NextDouble());
        return values;
    }

    public static float[] Floats(double[] values) => Array.ConvertAll(values, v => (float)v);
}
