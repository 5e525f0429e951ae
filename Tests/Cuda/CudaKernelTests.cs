using System.Runtime.InteropServices;
using ILGPU;
using ILGPU.Runtime;
using IlgpuXai.Jit;
using NUnit.Framework;
using static IlgpuXai.Tests.CudaHarness;

namespace IlgpuXai.Tests;

/// <summary>Kernels as text, through compiler, driver and launch: how arguments are passed, groups, shared memory, and what is refused.</summary>
public sealed class CudaKernelTests
{
    CudaContext _context = null!;

    [OneTimeSetUp]
    public void Open() => _context = EmulatedCuda.Context();

    [OneTimeTearDown]
    public void Close() => _context?.Dispose();

    [Test]
    public void An_implicitly_grouped_kernel_gets_its_extent_and_leaves_the_rest_alone()
    {
        var kernel = _context.Build(Text("""
            extern "C" __global__ void __launch_bounds__(256) add(int extent, const float* x, float* y)
            {
                int i = (int)(blockIdx.x * blockDim.x + threadIdx.x);
                if (i >= extent) return;
                y[i] += x[i];
            }
            """, "add", auto: true, View(1, "x"), View(2, "y")));
        float[] x = [.. Enumerable.Range(0, 1000).Select(i => i / 4f)], y = [.. Enumerable.Range(0, 1000).Select(i => 3f * i)];
        Launch(_context, kernel, new KernelConfig(4, 256), 998, x, y);
        Assert.That(y[..998], Is.EqualTo(Enumerable.Range(0, 998).Select(i => 3f * i + i / 4f)));
        Assert.That(y[998..], Is.EqualTo(new[] { 2994f, 2997f }));
    }

    [StructLayout(LayoutKind.Sequential)]
    struct Affine { public byte Negate; public float Scale; public long Shift; }

    [Test]
    public void Structs_lengths_and_numbers_arrive_and_constants_are_not_passed()
    {
        var kernel = _context.Build(Text("""
            struct Affine { unsigned char Negate; float Scale; long long Shift; };
            extern "C" __global__ void affine(const float* x, long long x_length, Affine a, float* y, int first)
            {
                for (int i = first + (int)threadIdx.x; i < x_length; i += (int)blockDim.x) y[i] = (a.Negate ? -1.0f : 1.0f) * a.Scale * x[i] + (float)a.Shift;
            }
            """, "affine", auto: false, View(0, "x", length: true), new(1, "k", typeof(SpecializedValue<int>)) { IsConstant = true }, new(2, "a", typeof(Affine)), View(3, "y"), new(4, "first", typeof(int))));
        float[] x = [1, 2, 3, 4, 5], y = [9, 9, 9, 9, 9, 9, 9];
        Launch(_context, kernel, new KernelConfig(1, 3), 0, x, 12345, new Affine { Negate = 1, Scale = 0.5f, Shift = 1L << 33 }, y, 1);
        Assert.That(y, Is.EqualTo(new[] { 9f, 8589934592f - 1f, 8589934592f - 1.5f, 8589934592f - 2f, 8589934592f - 2.5f, 9, 9 }));
    }

    const string Sum = """
        extern "C" __global__ void __launch_bounds__(256) sum(const float* x, float* y)
        {
            __shared__ float part[256];
            int t = (int)threadIdx.x;
            part[t] = x[blockIdx.x * blockDim.x + t];
            __syncthreads();
            for (int half = (int)blockDim.x / 2; half > 0; half /= 2)
            {
                if (t < half) part[t] += part[t + half];
                __syncthreads();
            }
            if (t == 0) y[blockIdx.x] = part[0];
        }
        """;

    [Test]
    public void Shared_memory_and_barriers_reduce_a_group()
    {
        float[] x = [.. Enumerable.Range(0, 3 * 128).Select(i => (float)(i % 17))], y = [-1, -1, -1];
        Launch(_context, _context.Build(Text(Sum, "sum", auto: false, View(0, "x"), View(1, "y"))), new KernelConfig(3, 128), 0, x, y);
        Assert.That(y, Is.EqualTo(Enumerable.Range(0, 3).Select(b => x.Skip(128 * b).Take(128).Sum())));
    }

    const string Reversed = """
        extern __shared__ __align__(16) unsigned char dynamic_shared[];
        extern "C" __global__ void __launch_bounds__(1024) reversed(float* x)
        {
            float* s = (float*)dynamic_shared;
            int t = (int)threadIdx.x, n = (int)blockDim.x;
            s[t] = x[t];
            __syncthreads();
            x[t] = s[n - 1 - t];
        }
        """;

    [TestCase(1000, 0, TestName = "Dynamic_shared_memory_is_what_the_launch_asks_for")]
    [TestCase(1000, 100_000, TestName = "More_than_48_KiB_of_shared_memory_are_asked_of_the_driver")]
    public void Dynamic(int threads, int carved)
    {
        var kernel = _context.Build(Text(Reversed, "reversed", auto: false, View(0, "x")) with { UsesDynamicShared = true, CarvedSharedBytes = carved });
        float[] x = [.. Enumerable.Range(0, threads).Select(i => (float)i)];
        for (int round = 0; round < 2; round++) Launch(_context, kernel, new KernelConfig(1, threads, SharedMemoryConfig.RequestDynamic<float>(threads)), 0, x);
        Assert.That(x, Is.EqualTo(Enumerable.Range(0, threads)));
    }

    [Test]
    public void Launches_that_the_device_cannot_run_are_refused_with_its_limit()
    {
        var sum = _context.Build(Text(Sum, "sum", auto: false, View(0, "x"), View(1, "y")));
        Assert.That(() => Launch(_context, sum, new KernelConfig(1, 512), 0, new float[512], new float[1]), Refused("sum: a group of 512 threads: the compiled kernel takes at most 256"));
        Assert.That(() => Launch(_context, sum, new KernelConfig(1, 70000, 1, 1, 1, 1), 0, new float[1], new float[1]), Refused("sum: (1, 70000, 1) groups: CUDA takes at most 65535 in y and z"));
        var reversed = _context.Build(Text(Reversed, "reversed", auto: false, View(0, "x")) with { UsesDynamicShared = true });
        Assert.That(() => Launch(_context, reversed, new KernelConfig(1, 4, SharedMemoryConfig.RequestDynamic<float>(60_000)), 0, new float[4]),
            Refused("reversed: 240000 bytes of shared memory per group: emulated device has 232448"));
    }

    [Test]
    public void Each_kind_of_arithmetic_is_another_binary([Values] KernelMath math)
    {
        using var folder = new TempFolder();
        using var context = EmulatedCuda.Context(new(folder.Path));
        var text = Text(Sum, "sum", auto: false, View(0, "x"), View(1, "y"));
        _ = context.Build(text with { Options = text.Options with { Math = math } });
        _ = context.Build(text);
        Assert.That(Directory.GetFiles(folder.Path), Has.Length.EqualTo(math == KernelMath.Contracted ? 1 : 2));
    }

    [Test]
    public void A_faulty_text_is_refused_with_the_compilers_first_error_and_its_line()
    {
        var text = Text("extern \"C\" __global__ void broken(float* x)\n{\n    x[0] = undeclared;\n    y = 1;\n}\n", "broken", auto: false, View(0, "x"));
        Assert.That(() => _context.Build(text), Throws.TypeOf<GpuException>().With.Message.Match(@"^broken: NVRTC 12\.9: broken\.cu:3:\d+: error: .*undeclared.*$"));
    }

    [Test]
    public void An_entry_point_that_is_not_in_the_text_is_named()
    {
        var text = Text(Sum, "sums", auto: false, View(0, "x"), View(1, "y"));
        Assert.That(() => _context.Build(text), Refused("sums: no such function in the compiled kernel: named symbol not found (CUDA_ERROR_NOT_FOUND)"));
    }

    [Test]
    public void A_refused_entry_of_the_cache_is_compiled_again()
    {
        using var folder = new TempFolder();
        using var context = EmulatedCuda.Context(new(folder.Path));
        var text = Text(Sum, "sum", auto: false, View(0, "x"), View(1, "y"));
        _ = context.Build(text);
        string key = Path.GetFileNameWithoutExtension(Directory.GetFiles(folder.Path).Single());
        byte[] good = new KernelCache(folder.Path).Find(key)!;
        new KernelCache(folder.Path).Store(key, "no image"u8.ToArray());
        float[] y = [-1];
        Launch(context, context.Build(text), new KernelConfig(1, 2), 0, new float[] { 5, 6 }, y);
        Assert.That(y, Is.EqualTo(new[] { 11f }));
        Assert.That(new KernelCache(folder.Path).Find(key), Has.Length.EqualTo(good.Length));
    }

    static NUnit.Framework.Constraints.EqualStringConstraint Refused(string message) => Throws.TypeOf<GpuException>().With.Message.EqualTo(message);
}
