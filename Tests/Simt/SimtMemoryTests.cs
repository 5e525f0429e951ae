using ILGPU;
using ILGPU.Runtime;
using IlgpuXai.Simt;
using NUnit.Framework;
using static IlgpuXai.Tests.SimtHarness;
using Ints = ILGPU.Runtime.ArrayView1D<int, ILGPU.Stride1D.Dense>;
using View = ILGPU.Runtime.ArrayView1D<float, ILGPU.Stride1D.Dense>;

namespace IlgpuXai.Tests;

public class SimtMemoryTests
{
    const int Tile = 8;

    internal readonly struct GemmShape(int m, int n, int k)
    {
        public readonly int M = m, N = n, K = k;
    }

    static float ValueOrZero(View a, int row, int col, int rows, int cols) => row < rows && col < cols ? a[row * cols + col] : 0f;

    static void GemmKernel(View a, View b, View c, GemmShape s)
    {
        var tileA = SharedMemory.Allocate<float>(Tile * Tile);
        var tileB = SharedMemory.Allocate1D<float>(Tile * Tile);
        int row = Group.IdxY, col = Group.IdxX;
        int m = Grid.IdxY * Tile + row, n = Grid.IdxX * Tile + col;
        float sum = 0f;
        for (int k = 0; k < s.K; k += Tile)
        {
            tileA[row * Tile + col] = ValueOrZero(a, m, k + col, s.M, s.K);
            tileB[row * Tile + col] = ValueOrZero(b, k + row, n, s.K, s.N);
            Group.Barrier();
            for (int i = 0; i < Tile; i++) sum += tileA[row * Tile + i] * tileB[i * Tile + col];
            Group.Barrier();
        }
        if (m < s.M && n < s.N) c[m * s.N + n] = sum;
    }

    [Test]
    public void A_tiled_product_agrees_with_its_definition()
    {
        var s = new GemmShape(19, 27, 35);
        float[] a = Random(s.M * s.K, 1), b = Random(s.K * s.N, 2), c = NaNs(s.M * s.N);
        Everywhere(GemmKernel, new KernelConfig(new Index2D(4, 3), new Index2D(Tile, Tile)), a, b, c, s);
        var expected = new double[s.M * s.N];
        for (int m = 0; m < s.M; m++)
            for (int n = 0; n < s.N; n++)
                for (int k = 0; k < s.K; k++) expected[m * s.N + n] += (double)a[m * s.K + k] * b[k * s.N + n];
        Close.Check(expected, c, 1e-6, 1e-6, "a · b");
    }

    // The same inner loop as the kernel, on the host: every float operation must round as C# says.
    [Test]
    public void Floats_round_as_in_the_same_loop_on_the_host()
    {
        var s = new GemmShape(5, 6, 40);
        float[] a = Random(s.M * s.K, 3), b = Random(s.K * s.N, 4), c = NaNs(s.M * s.N);
        Everywhere(GemmKernel, new KernelConfig(1, 1, 1, Tile, Tile, 1), a, b, c, s);
        for (int m = 0; m < s.M; m++)
            for (int n = 0; n < s.N; n++)
            {
                float sum = 0f;
                for (int k = 0; k < s.K; k++) sum += a[m * s.K + k] * b[k * s.N + n];
                Assert.That(c[m * s.N + n], Is.EqualTo(sum));
            }
    }

    static void DynamicKernel(Ints x, Ints y)
    {
        var mine = SharedMemory.Allocate<int>(4);
        var words = SharedMemory.GetDynamic<int>();
        var again = SharedMemory.GetDynamic<long>();
        int t = Group.IdxX;
        if (t < 4) mine[t] = -1;
        words[t] = x[t];
        Group.Barrier();
        y[t] = words[words.IntLength - 1 - t] + (int)again.Length * 1000 + mine[t % 4];
    }

    [Test]
    public void Dynamic_shared_memory_is_one_block_beside_what_the_kernel_allocates()
    {
        int[] x = Ramp(40), y = new int[40];
        Everywhere(DynamicKernel, new KernelConfig(1, 40, SharedMemoryConfig.RequestDynamic<int>(40)), x, y);
        for (int i = 0; i < 40; i++) Assert.That(y[i], Is.EqualTo(39 - i + 20_000 - 1));
    }

    static void SingleKernel(Ints x, Ints y)
    {
        ref int first = ref SharedMemory.Allocate<int>();
        ref int second = ref SharedMemory.Allocate<int>();
        if (Group.IdxX == 3)
        {
            first = x[3];
            second = x[4];
        }
        Group.Barrier();
        y[Group.IdxX] = first * 10 + second;
    }

    [Test]
    public void A_single_shared_value_is_a_reference_that_lives_across_a_barrier()
    {
        int[] y = new int[7];
        Everywhere(SingleKernel, new KernelConfig(1, 7), Ramp(7), y);
        Assert.That(y, Is.All.EqualTo(34));
    }

    static void LocalKernel(View x, View y)
    {
        var kept = LocalMemory.Allocate<float>(5);
        var more = LocalMemory.Allocate1D<int>(3);
        int t = Group.IdxX;
        for (int k = 0; k < 5; k++) kept[k] = x[t] * k;
        for (int k = 0; k < 3; k++) more[k] = t + k;
        Group.Barrier();
        float sum = 0f;
        for (int k = 0; k < 5; k++) sum += kept[k];
        y[t] = sum + more[2];
    }

    [Test]
    public void Local_memory_belongs_to_its_thread()
    {
        float[] x = Random(50, 5), y = NaNs(50);
        Everywhere(LocalKernel, new KernelConfig(1, 50), x, y);
        for (int t = 0; t < 50; t++) Assert.That(y[t], Is.EqualTo(0f + 0f * x[t] + x[t] + x[t] * 2f + x[t] * 3f + x[t] * 4f + (t + 2)));
    }

    static void UnwrittenLocalKernel(Index1D i, View y)
    {
        var kept = LocalMemory.Allocate<float>(3);
        if (i == 0)
            for (int k = 0; k < 3; k++) kept[k] = 1f;
        y[i] = kept[0] + kept[2];
        kept[1] = 1f;
    }

    [Test]
    public unsafe void Local_memory_that_a_thread_has_not_written_is_NaN_when_checked_whatever_the_thread_before_left()
    {
        float[] y = new float[200];
        var kernel = SimtKernel.Compile(((Action<Index1D, View>)UnwrittenLocalKernel).Method, SimtMode.Checked);
        Run(kernel, 1, [y], (k, pointers, workers) => k.LaunchAutoGrouped(200, pointers, workers));
        Assert.That(y[0], Is.EqualTo(2));
        Assert.That(y[1..], Is.All.NaN);
    }

    internal struct Pair
    {
        public float Value;
        public int Index;
        public byte Flag;      // leaves a gap at the end
    }

    static void Better(ref Pair best, in Pair other)
    {
        if (other.Value > best.Value) best = other;
    }

    static void Split(int t, out int half, out bool low)
    {
        half = t % 32;
        low = t < 32;
        Group.Barrier();
    }

    static void ArgMaxKernel(View x, View y)
    {
        var pairs = SharedMemory.Allocate<Pair>(64);
        int t = Group.IdxX;
        pairs[t].Value = x[t];
        pairs[t].Index = t;
        pairs[t].Flag = (byte)(t % 3);
        Split(t, out int half, out bool low);
        if (low) Better(ref pairs[half], pairs[half + 32]);
        Group.Barrier();
        var best = pairs[0];
        for (int i = 1; i < 32; i++) Better(ref best, pairs[i]);
        y[t] = best.Index * 10 + best.Flag + (best.Value == x[best.Index] ? 0f : 1000f);
    }

    [Test]
    public void Structs_in_shared_memory_work_by_field_by_reference_and_whole()
    {
        float[] x = Random(64, 6), y = NaNs(64);
        int best = Enumerable.Range(0, 64).MaxBy(i => x[i]);
        Everywhere(ArgMaxKernel, new KernelConfig(1, 64), x, y);
        Assert.That(y, Is.All.EqualTo(best * 10 + best % 3));
    }

    static void ClearedKernel(Ints y)
    {
        var pairs = SharedMemory.Allocate<Pair>(32);
        pairs[Group.IdxX] = default;
        Group.Barrier();
        y[Group.IdxX] = pairs[31 - Group.IdxX].Index + pairs[31 - Group.IdxX].Flag;
    }

    [Test]
    public void Storing_a_default_struct_counts_as_writing_it()
    {
        int[] y = new int[32];
        Array.Fill(y, -1);
        Everywhere(ClearedKernel, new KernelConfig(1, 32), y);
        Assert.That(y, Is.All.EqualTo(0));
    }

    static void BytesKernel(View y)
    {
        var flags = SharedMemory.Allocate<byte>(256);
        int t = Group.IdxX;
        flags[t] = (byte)t;
        Group.Barrier();
        y[t] = flags[255 - t];
    }

    [Test]
    public void Threads_that_write_neighbouring_bytes_do_not_race()
    {
        var y = NaNs(256);
        Everywhere(BytesKernel, new KernelConfig(1, 256), y);
        for (int t = 0; t < 256; t++) Assert.That(y[t], Is.EqualTo(255 - t));
    }

    internal readonly record struct Float4(float X, float Y, float Z, float W);

    static void ViewsKernel(ArrayView<float> x, View y)
    {
        long t = Group.IdxX;
        var part = x.SubView(8, 32);
        View dense = part;
        ArrayView<float> back = dense.SubView(0, 16);
        var fours = back.Cast<Float4>();
        LongIndex1D wide = t;
        Index1D narrow = Group.IdxX;
        float sum = x[t] + x[wide] + x[narrow] + dense[wide] + dense[narrow] + part.SubView(1)[t] + part.SubView(2L, 20L)[t];
        y[narrow] = sum + fours[t % fours.Length].W + (part.IntLength + dense.Length + back.IntExtent + dense.Extent.X + (part.IsValid ? 1 : 0));
    }

    [Test]
    public void Views_are_cut_cast_and_indexed_with_every_kind_of_index()
    {
        float[] x = Random(60, 7), y = NaNs(16);
        Everywhere(ViewsKernel, new KernelConfig(1, 16), x, y);
        for (int t = 0; t < 16; t++)
        {
            float sum = x[t] + x[t] + x[t] + x[8 + t] + x[8 + t] + x[9 + t] + x[10 + t];
            Assert.That(y[t], Is.EqualTo(sum + x[8 + t % 4 * 4 + 3] + (32 + 32 + 16 + 32 + 1)));
        }
    }

    internal readonly struct Operands(View left, ArrayView<float> right, float scale)
    {
        public readonly View Left = left;
        public readonly ArrayView<float> Right = right;
        public readonly float Scale = scale;
        public float At(int i) => Left[i] - Right[i] * Scale;
    }

    static void StructOfViewsKernel(View x, View z, View y)
    {
        var o = new Operands(x, z, Grid.IdxX + 2f);
        Group.Barrier();
        y[Grid.GlobalLinearIndex] = o.At(Group.IdxX);
    }

    [Test]
    public void A_struct_may_hold_views()
    {
        float[] x = Random(24, 8), z = Random(24, 9), y = NaNs(48);
        OnHost(StructOfViewsKernel, new KernelConfig(2, 24), x, z, y);
        for (int i = 0; i < 48; i++) Assert.That(y[i], Is.EqualTo(x[i % 24] - z[i % 24] * (i / 24 + 2f)));
    }
}
