using System.Numerics;
using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

/// <summary>What batch normalisation does to the pixels of one image and channel.</summary>
static unsafe class BatchNormRows
{
    // float32 lanes are emptied into a double before rounding adds up
    const int Piece = 4096;

    /// <summary>y ← (x − mean)·scale + shift.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Affine(float* x, float mean, float scale, float shift, float* y, int length)
    {
        int lanes = Vector<float>.Count, i = 0;
        Vector<float> vMean = new(mean), vScale = new(scale), vShift = new(shift);
        for (; i <= length - lanes; i += lanes) ((Vector.Load(x + i) - vMean) * vScale + vShift).Store(y + i);
        for (; i < length; i++) y[i] = (x[i] - mean) * scale + shift;
    }

    /// <summary>y ← (x − mean)·scale + shift, or <paramref name="least"/> where that is smaller.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Affine(float* x, float mean, float scale, float shift, float least, float* y, int length)
    {
        int lanes = Vector<float>.Count, i = 0;
        Vector<float> vMean = new(mean), vScale = new(scale), vShift = new(shift), vLeast = new(least);
        for (; i <= length - lanes; i += lanes)
        {
            var value = (Vector.Load(x + i) - vMean) * vScale + vShift;
            Vector.ConditionalSelect(Vector.LessThan(value, vLeast), vLeast, value).Store(y + i);
        }
        for (; i < length; i++)
        {
            float value = (x[i] - mean) * scale + shift;
            y[i] = value < least ? least : value;
        }
    }

    /// <summary>dx ← scale·(dy − meanDy − (x − mean)·slope).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gradient(float* dy, float* x, float mean, float scale, float meanDy, float slope, float* dx, int length)
    {
        int lanes = Vector<float>.Count, i = 0;
        Vector<float> vMean = new(mean), vScale = new(scale), vMeanDy = new(meanDy), vSlope = new(slope);
        for (; i <= length - lanes; i += lanes)
            (vScale * (Vector.Load(dy + i) - vMeanDy - (Vector.Load(x + i) - vMean) * vSlope)).Store(dx + i);
        for (; i < length; i++) dx[i] = scale * (dy[i] - meanDy - (x[i] - mean) * slope);
    }

    /// <summary>Adds Σ dy and Σ dy·(x − mean).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sums(float* dy, float* x, float mean, int length, ref double sumDy, ref double sumDyX)
    {
        int lanes = Vector<float>.Count;
        Vector<float> vMean = new(mean);
        for (int start = 0; start < length; start += Piece)
        {
            int i = start, end = Math.Min(start + Piece, length);
            Vector<float> dyA = default, dyB = default, dyxA = default, dyxB = default;
            for (; i <= end - 2 * lanes; i += 2 * lanes)
            {
                Vector<float> a = Vector.Load(dy + i), b = Vector.Load(dy + i + lanes);
                (dyA, dyxA) = (dyA + a, dyxA + a * (Vector.Load(x + i) - vMean));
                (dyB, dyxB) = (dyB + b, dyxB + b * (Vector.Load(x + i + lanes) - vMean));
            }
            for (; i <= end - lanes; i += lanes)
            {
                var a = Vector.Load(dy + i);
                (dyA, dyxA) = (dyA + a, dyxA + a * (Vector.Load(x + i) - vMean));
            }
            float sum = Vector.Sum(dyA + dyB), product = Vector.Sum(dyxA + dyxB);
            for (; i < end; i++) (sum, product) = (sum + dy[i], product + dy[i] * (x[i] - mean));
            sumDy += sum;
            sumDyX += product;
        }
    }
}
