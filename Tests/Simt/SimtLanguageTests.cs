using System.Numerics;
using ILGPU;
using ILGPU.Algorithms;
using NUnit.Framework;
using static IlgpuXai.Tests.SimtHarness;
using Ints = ILGPU.Runtime.ArrayView1D<int, ILGPU.Stride1D.Dense>;
using Uints = ILGPU.Runtime.ArrayView1D<uint, ILGPU.Stride1D.Dense>;
using View = ILGPU.Runtime.ArrayView1D<float, ILGPU.Stride1D.Dense>;

namespace IlgpuXai.Tests;

interface ISimtFunction
{
    static abstract float Value(float x);
    static abstract int Size { get; }
    static virtual float Twice(float x) => 2f * x;
}

readonly struct SimtSquare : ISimtFunction
{
    public static float Value(float x) => x * x;
    public static int Size => 16;
}

// Implemented explicitly, and beside it a public method of the same name that must not be taken.
readonly struct SimtShift : ISimtFunction
{
    static float ISimtFunction.Value(float x) => x + 3f;
    static int ISimtFunction.Size => 8;
    static float ISimtFunction.Twice(float x) => 4f * x;
    public static float Value(float x) => x - 1000f;
}

static class SimtGeneric<F> where F : struct, ISimtFunction
{
    public static void Kernel(Index1D i, View x, View y) => y[i] = F.Twice(F.Value(x[i]));

    public static void TileKernel(View x, View y)
    {
        var tile = SharedMemory.Allocate<float>(F.Size);
        int t = Group.IdxX;
        Stage(tile, x, t);
        y[t] = tile[F.Size - 1 - t];
    }

    static void Stage(ArrayView<float> tile, View x, int t)
    {
        tile[t] = F.Value(x[t]);
        Group.Barrier();
    }
}

public class SimtLanguageTests
{
    [Test]
    public void Static_abstract_members_resolve_to_implicit_and_explicit_implementations()
    {
        float[] x = Random(300, 11), square = NaNs(300), shift = NaNs(300);
        EverywhereAuto(SimtGeneric<SimtSquare>.Kernel, 300, x, square);
        EverywhereAuto(SimtGeneric<SimtShift>.Kernel, 300, x, shift);
        for (int i = 0; i < 300; i++)
        {
            Assert.That(square[i], Is.EqualTo(2f * (x[i] * x[i])));
            Assert.That(shift[i], Is.EqualTo(4f * (x[i] + 3f)));
        }
    }

    [Test]
    public void The_size_of_shared_memory_may_be_a_static_abstract_constant()
    {
        float[] x = Random(16, 12), square = NaNs(16), shift = NaNs(8);
        Everywhere(SimtGeneric<SimtSquare>.TileKernel, new KernelConfig(1, 16), x, square);
        Everywhere(SimtGeneric<SimtShift>.TileKernel, new KernelConfig(1, 8), x, shift);
        for (int t = 0; t < 16; t++) Assert.That(square[t], Is.EqualTo(x[15 - t] * x[15 - t]));
        for (int t = 0; t < 8; t++) Assert.That(shift[t], Is.EqualTo(x[7 - t] + 3f));
    }

    static void SumKernel<T>(ArrayView<T> x, ArrayView<T> y, int count) where T : unmanaged, INumber<T>
    {
        T sum = T.Zero;
        for (int k = 0; k < count; k++) sum += x[Group.IdxX * count + k] * T.CreateTruncating(k);
        y[Group.IdxX] = sum;
    }

    [Test]
    public void Generic_arithmetic_over_INumber_works()
    {
        float[] x = Random(30, 13), y = NaNs(5);
        OnHost(SumKernel<float>, new KernelConfig(1, 5), x, y, 6);
        for (int t = 0; t < 5; t++)
        {
            float sum = 0f;
            for (int k = 0; k < 6; k++) sum += x[t * 6 + k] * k;
            Assert.That(y[t], Is.EqualTo(sum));
        }
        int[] counts = new int[5];
        OnHost(SumKernel<int>, new KernelConfig(1, 5), Ramp(30), counts, 6);
        Assert.That(counts, Is.EqualTo(Enumerable.Range(0, 5).Select(t => Enumerable.Range(0, 6).Sum(k => (t * 6 + k) * k))));
    }

    static uint Mixed(uint x, uint key)
    {
        for (int round = 0; round < 10; round++)
        {
            ulong product = 0xD2511F53UL * x;
            x = (uint)(product >> 32) ^ key ^ (uint)product;
            key += 0x9E3779B9u;
        }
        return x;
    }

    static void HashKernel(Index1D i, Uints y, uint key)
    {
        uint h = Mixed((uint)i.X, key);
        long wide = (long)h * -7 / 3;
        y[i] = h % 1000u + h / 7u + (h >> 5) + (uint)(wide >> 3) + (uint)((ulong)wide % 11UL) + (h > 0x80000000u ? 1u : 0u);
    }

    [Test]
    public void Unsigned_and_long_arithmetic_wraps_divides_and_shifts_as_in_CSharp()
    {
        var y = new uint[500];
        EverywhereAuto(HashKernel, 500, y, 0xDEADBEEFu);
        for (int i = 0; i < 500; i++)
        {
            uint h = Mixed((uint)i, 0xDEADBEEFu);
            long wide = (long)h * -7 / 3;
            Assert.That(y[i], Is.EqualTo(unchecked(h % 1000u + h / 7u + (h >> 5) + (uint)(wide >> 3) + (uint)((ulong)wide % 11UL) + (h > 0x80000000u ? 1u : 0u))));
        }
    }

    static readonly int Offset = int.Parse("40");
    static readonly Factors Scale = new(3, 5);

    internal readonly struct Factors(int first, int second)
    {
        public readonly int First = first, Second = second;
        public int Of(int x) => First * x + Second;
    }

    static void ConstantsKernel(Index1D i, Ints y) => y[i] = Offset + Scale.Of(i) + Scale.First;

    [Test]
    public void Static_readonly_fields_are_constants()
    {
        int[] y = new int[9];
        EverywhereAuto(ConstantsKernel, 9, y);
        Assert.That(y, Is.EqualTo(Enumerable.Range(0, 9).Select(i => 40 + 3 * i + 5 + 3)));
    }

    static void FlowKernel(Index1D i, Ints y)
    {
        int sum = 0;
        for (int k = 0; k < 20; k++)
        {
            if (k == i) continue;
            if (k > 15) break;
            switch ((k + i) % 5)
            {
                case 0: sum += Added(1); break;
                case 1: sum -= 2; break;
                case 2:
                case 3: sum *= 2; break;
                default: sum = sum > 1000 ? sum % 7 : sum + k; break;
            }
        }
        do sum++; while (sum % 3 != 0);
        y[i] = sum;

        int Added(int x) => x + sum / 3 + i;
    }

    [Test]
    public void Loops_switches_and_local_functions_that_capture_work()
    {
        int[] y = new int[40];
        EverywhereAuto(FlowKernel, 40, y);
        for (int i = 0; i < 40; i++)
        {
            int sum = 0;
            for (int k = 0; k < 20 && (k == i || k <= 15); k++)
            {
                if (k == i) continue;
                int arm = (k + i) % 5;
                sum = arm == 0 ? sum + 1 + sum / 3 + i : arm == 1 ? sum - 2 : arm < 4 ? sum * 2 : sum > 1000 ? sum % 7 : sum + k;
            }
            do sum++; while (sum % 3 != 0);
            Assert.That(y[i], Is.EqualTo(sum), $"{i}");
        }
    }

    static void Jumps(int i, ref int result)
    {
        int outer = 6, seen = i;
        do
        {
            int inner = 4;
            Again:
            seen = 31 * seen + inner;
            if ((seen & 1) == 0) result ^= seen;                             // so that not the loop's head decides where it is left
            switch ((seen >> 3) & 7)
            {
                case 1: case 2: seen++; break;
                case 4: continue;
                case 5: goto Out;
            }
            if (--inner > 0 && (seen & 3) != 2) goto Again;
        }
        while (--outer > 0 && (seen & 31) != 7);
        Out:
        result = 100 * (result ^ seen) + outer;
    }

    static void JumpsKernel(Index1D i, Ints y) => Jumps(i, ref y[i]);

    [Test]
    public void A_jump_out_of_two_loops_has_one_target()
    {
        int[] y = new int[300], expected = new int[300];
        for (int i = 0; i < expected.Length; i++) Jumps(i, ref expected[i]);
        EverywhereAuto(JumpsKernel, y.Length, y);
        Assert.That(y, Is.EqualTo(expected));
    }

    static void Exchange(ref int left, ref int right)
    {
        Group.Barrier();
        (left, right) = (right, left);
        Group.Barrier();
        left += 100;
    }

    internal struct Counter
    {
        public int Value;
        public void Add(int x)
        {
            Group.Barrier();
            Value += x;
        }
    }

    static void ReferencesKernel(Ints y)
    {
        int a = Group.IdxX, b = 7;
        Exchange(ref a, ref b);
        ref int either = ref (Group.IdxX % 2 == 0 ? ref a : ref b);
        Group.Barrier();
        either += 1000;
        var counter = new Counter { Value = 1 };
        counter.Add(a);
        counter.Value += Warp.Shuffle(counter.Value, 0);
        y[Group.IdxX] = a * 10 + b + counter.Value;
    }

    [Test]
    public void References_to_local_variables_may_live_across_barriers()
    {
        int[] y = new int[20];
        Everywhere(ReferencesKernel, new KernelConfig(1, 20), y);
        for (int t = 0; t < 20; t++)
        {
            int a = 107 + (t % 2 == 0 ? 1000 : 0), b = t + (t % 2 == 0 ? 0 : 1000);
            Assert.That(y[t], Is.EqualTo(a * 10 + b + 1 + a + 1 + 1107), $"{t}");
        }
    }

    internal readonly struct Place
    {
        public readonly int Group, Thread;
        public Place(int offset)
        {
            Group = Grid.IdxX + offset;
            Thread = ILGPU.Group.IdxX;
        }
    }

    static void ConstructorKernel(Ints y)
    {
        var place = new Place(5);
        y[Grid.GlobalLinearIndex] = 1 + new Place(place.Thread).Group * 100 + place.Group;
    }

    [Test]
    public void A_constructor_may_ask_where_the_thread_is()
    {
        int[] y = new int[12];
        Everywhere(ConstructorKernel, new KernelConfig(3, 4), y);
        Assert.That(y, Is.EqualTo(Enumerable.Range(0, 12).Select(i => 1 + (i / 4 + i % 4) * 100 + i / 4 + 5)));
    }

    static bool Chosen(int t) => t % 3 == 1;

    static void ShortCircuitKernel(View x, View y)
    {
        int t = Group.IdxX;
        y[t] = (Chosen(t) && x[t] > 0f || t == 2 ? x[t] : -x[t]) + (x[t] is > 0.5f or < -0.5f ? 1f : 0f) + (float.IsNaN(x[t]) ? 5f : 0f);
    }

    [Test]
    public void Conditions_with_values_on_the_stack_work_and_NaN_compares_false()
    {
        float[] x = Random(40, 14), y = NaNs(40);
        Everywhere(ShortCircuitKernel, new KernelConfig(1, 40), x, y);
        for (int t = 0; t < 40; t++)
            Assert.That(y[t], Is.EqualTo((t % 3 == 1 && x[t] > 0f || t == 2 ? x[t] : -x[t]) + (Math.Abs(x[t]) > 0.5f ? 1f : 0f)));
    }

    static void MathKernel(Index1D i, View x, View y)
    {
        float v = x[i];
        y[i * 12] = XMath.Exp(v);
        y[i * 12 + 1] = XMath.Log(v + 2f);
        y[i * 12 + 2] = XMath.Sqrt(v + 2f);
        y[i * 12 + 3] = XMath.Rsqrt(v + 2f);
        y[i * 12 + 4] = XMath.Tanh(v);
        y[i * 12 + 5] = XMath.Pow(v + 2f, 1.5f);
        y[i * 12 + 6] = XMath.Clamp(v, -0.25f, 0.5f) + IntrinsicMath.Max(v, 0f) + XMath.Min(v, 0f);
        y[i * 12 + 7] = Interop.IntAsFloat(Interop.FloatAsInt(v) & 0x7fffffffu);
        y[i * 12 + 8] = IntrinsicMath.DivRoundUp(i, 7) + IntrinsicMath.PopCount(i) + Interop.SizeOf<double>();
        y[i * 12 + 9] = XMath.Floor(v * 10f) + XMath.Ceiling(v * 10f) + XMath.Round(v * 10f);
        y[i * 12 + 10] = XMath.Sin(v) + XMath.Cos(v) + XMath.Atan2(v, 2f);
        y[i * 12 + 11] = XMath.Exp2(v) + XMath.Log2(v + 2f) + XMath.Log10(v + 2f);
    }

    [Test]
    public void Functions_agree_with_their_definition_in_double()
    {
        float[] x = Random(100, 15), y = NaNs(1200);
        EverywhereAuto(MathKernel, 100, x, y);
        var expected = x.SelectMany((f, i) =>
        {
            double v = f;
            return new[]
            {
                Math.Exp(v), Math.Log(v + 2), Math.Sqrt(v + 2), 1 / Math.Sqrt(v + 2), Math.Tanh(v), Math.Pow(v + 2, 1.5),
                Math.Clamp(v, -0.25, 0.5) + Math.Max(v, 0) + Math.Min(v, 0), Math.Abs(v), (i + 6) / 7 + BitOperations.PopCount((uint)i) + 8,
                Math.Floor(f * 10f) + Math.Ceiling(f * 10f) + Math.Round(f * 10f), Math.Sin(v) + Math.Cos(v) + Math.Atan2(v, 2),
                Math.Pow(2, v) + Math.Log2(v + 2) + Math.Log10(v + 2),
            };
        }).ToArray();
        Close.Check(expected, y, 4e-7, 2e-7, "functions");
    }
}
