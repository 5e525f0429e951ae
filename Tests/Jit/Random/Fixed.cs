using System.Numerics;

namespace IlgpuXai.Tests.RandomKernels;

// What random kernels find ready made. The types are public because compiled kernels are assemblies of their own.

public struct Inner
{
    public short S;
    public byte B;
    public bool Flag;
}

/// <summary>A struct that views hold: 16 bytes, all of which are fields.</summary>
public struct Pair(float x, int n, uint u)
{
    public float X = x;
    public int N = n;
    public uint U = u;
    public Inner In;

    public int Step(int x)
    {
        N ^= x;
        U = U * 5u + (uint)x;
        In.B++;
        return N + (In.Flag ? 0 : -(N >> 1));
    }

    public readonly uint Peek(uint bits) => U ^ bits ^ (uint)In.S;

    public uint Code
    {
        readonly get => U >> 3 | (uint)In.B << 24;
        set
        {
            if (value > 100u) In.Flag = !In.Flag;
            U = value;
        }
    }

    public static Pair operator +(Pair a, Pair b) => new(a.X + b.X, a.N ^ b.N, a.U + b.U) { In = a.In };
}

/// <summary>A kernel parameter with holes between its fields.</summary>
public struct Params
{
    public bool Flag;
    public int Count;
    public byte Tiny;
    public long Big;
    public float Scale;
    public Inner Inner;
    public ulong Mask;
}

public interface IFunction
{
    static abstract float Apply(float x);
    static abstract uint Salt { get; }
    static virtual float Again(float x) => x + 1f;
}

public readonly struct Squared : IFunction
{
    public static float Apply(float x) => x * x;
    public static uint Salt => 77u;
}

public readonly struct Shifted : IFunction
{
    static float IFunction.Apply(float x) => x - 3f;
    static uint IFunction.Salt => 0xFFFF0001u;
    static float IFunction.Again(float x) => x * 0.5f;
}

public static class Constants
{
    public static readonly int Offset = int.Parse("4099");
    public static readonly uint Seed = uint.Parse("2654435769");
    public static readonly float NotANumber = float.NaN;
    public static readonly float Scale = -0.375f;
    public static readonly Pair Origin = new(1e20f, -3, 9u) { In = new Inner { S = -5, B = 200, Flag = true } };
}

public static class Generic
{
    public static float Twice<F>(float x) where F : struct, IFunction => F.Again(F.Apply(x));

    public static T Blend<T>(T x, T y) where T : INumber<T>
    {
        T sum = T.Zero;
        for (int k = 0; k < 3; k++) sum += k == 1 ? x : y;
        return sum * T.CreateTruncating(2) - y;
    }
}
