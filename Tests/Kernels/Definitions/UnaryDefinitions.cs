using MathNet.Numerics;

namespace IlgpuXai.Tests;

/// <summary>The unary functions in double, from their textbook formulas.</summary>
static class UnaryDefinitions
{
    public static double Relu(double x) => Math.Max(x, 0);
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
    public static double Softplus(double x) => x > 30 ? x + Math.Exp(-x) : SpecialFunctions.Log1p(Math.Exp(x));
    public static double Gelu(double x) => 0.5 * x * SpecialFunctions.Erfc(-x / Math.Sqrt(2));
    public static double Silu(double x) => x * Sigmoid(x);
}
