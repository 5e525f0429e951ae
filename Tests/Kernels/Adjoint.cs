using NUnit.Framework;

namespace IlgpuXai.Tests;

static class Adjoint
{
    /// <summary>⟨Ax, y⟩ = ⟨x, Aᵀy⟩ within float32's rounding of the terms.</summary>
    public static void Check(float[] ax, double[] y, double[] x, float[] aty)
    {
        double[] left = Array.ConvertAll(ax, v => (double)v), right = Array.ConvertAll(aty, v => (double)v);
        double size = left.Zip(y).Sum(p => Math.Abs(p.First * p.Second));
        Assert.That(size, Is.GreaterThan(0));
        Assert.That(CentralDifferences.Dot(left, y), Is.EqualTo(CentralDifferences.Dot(x, right)).Within(1e-6 * size));
    }
}
