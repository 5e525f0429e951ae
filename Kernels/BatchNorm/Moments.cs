using System.Numerics;
using System.Runtime.CompilerServices;

namespace IlgpuXai.Kernels;

/// <summary>Mean and variance of numbers that come in pieces.</summary>
/// <remarks>
/// Each piece of at most 4096 is summed in float32 twice, the second time about its own mean, which also corrects that mean;
/// pieces are joined in double (Chan, Golub and LeVeque 1979, equations 2.1). A mean that is large against the spread does no harm.
/// </remarks>
unsafe struct Moments
{
    const int Piece = 4096;

    double _count, _squares;

    public double Mean { get; private set; }

    public readonly double Variance => _squares / _count;
    public readonly double UnbiasedVariance => _squares / (_count - 1);

    public void Add(float* x, int length)
    {
        for (int i = 0; i < length; i += Piece) AddPiece(x + i, Math.Min(Piece, length - i));
    }

    void AddPiece(float* x, int length)
    {
        float centre = length == 1 ? *x : Sum(x, length) / length;
        double mean = centre, squares = 0;
        if (length > 1)
        {
            var (sum, sumOfSquares) = About(x, length, centre);
            mean += sum / length;
            squares = Math.Max(sumOfSquares - sum * sum / length, 0);     // rounding may leave less than nothing; a NaN stays one
        }
        double count = _count + length, step = mean - Mean;
        Mean += step * length / count;
        _squares += squares + step * step * _count * length / count;
        _count = count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Sum(float* x, int length)
    {
        Vector<float> a = default, b = default, c = default, d = default;
        int lanes = Vector<float>.Count, i = 0;
        for (; i <= length - 4 * lanes; i += 4 * lanes)
        {
            a += Vector.Load(x + i);
            b += Vector.Load(x + i + lanes);
            c += Vector.Load(x + i + 2 * lanes);
            d += Vector.Load(x + i + 3 * lanes);
        }
        for (; i <= length - lanes; i += lanes) a += Vector.Load(x + i);
        float sum = Vector.Sum(a + b + (c + d));
        for (; i < length; i++) sum += x[i];
        return sum;
    }

    /// <summary>Σ(x − centre) and Σ(x − centre)².</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static (double Sum, double Squares) About(float* x, int length, float centre)
    {
        Vector<float> sumA = default, sumB = default, squaresA = default, squaresB = default, middle = new(centre);
        int lanes = Vector<float>.Count, i = 0;
        for (; i <= length - 2 * lanes; i += 2 * lanes)
        {
            var a = Vector.Load(x + i) - middle;
            var b = Vector.Load(x + i + lanes) - middle;
            (sumA, squaresA) = (sumA + a, squaresA + a * a);
            (sumB, squaresB) = (sumB + b, squaresB + b * b);
        }
        for (; i <= length - lanes; i += lanes)
        {
            var a = Vector.Load(x + i) - middle;
            (sumA, squaresA) = (sumA + a, squaresA + a * a);
        }
        float sum = Vector.Sum(sumA + sumB), squares = Vector.Sum(squaresA + squaresB);
        for (; i < length; i++)
        {
            float d = x[i] - centre;
            (sum, squares) = (sum + d, squares + d * d);
        }
        return (sum, squares);
    }
}
