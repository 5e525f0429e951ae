using System.Numerics;

namespace IlgpuXai.Kernels;

/// <summary>a + b, neutral 0.</summary>
public readonly struct Sum : IReduction
{
    public static float Neutral => 0f;
    public static float Combine(float a, float b) => a + b;
    public static Vector<float> Combine(Vector<float> a, Vector<float> b) => a + b;
}
