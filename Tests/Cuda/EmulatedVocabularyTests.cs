using ILGPU;
using IlgpuXai.Jit;
using NUnit.Framework;
using static IlgpuXai.Tests.CudaHarness;

namespace IlgpuXai.Tests;

/// <summary>That the emulated device means by CUDA's words what CUDA means.</summary>
public sealed class EmulatedVocabularyTests
{
    CudaContext _context = null!;

    [OneTimeSetUp]
    public void Open() => _context = EmulatedCuda.Context();

    [OneTimeTearDown]
    public void Close() => _context?.Dispose();

    // Warps of 32, the last one half full; v is 10 · thread.
    [TestCase("__shfl_sync(0xffffffffu, v, 3, 32)", "t / 32 * 32 + 3")]
    [TestCase("__shfl_sync(0xffffffffu, v, 5, 4)", "t / 4 * 4 + 1")]
    [TestCase("__shfl_up_sync(0xffffffffu, v, 2, 32)", "t % 32 < 2 ? t : t - 2")]
    [TestCase("__shfl_up_sync(0xffffffffu, v, 3, 8)", "t % 8 < 3 ? t : t - 3")]
    [TestCase("__shfl_down_sync(0xffffffffu, v, 5, 16)", "t % 16 + 5 >= 16 ? t : t + 5")]
    [TestCase("__shfl_xor_sync(0xffffffffu, v, 9, 32)", "t ^ 9")]
    public void Shuffles(string call, string source) =>
        Same($"float v = 10.0f * t; float r = {call};", $"int s = {source}; float e = 10.0f * s;");

    [TestCase("__syncthreads_count(t % 3 == 0)", "16")]
    [TestCase("__syncthreads_and(t < 48)", "1")]
    [TestCase("__syncthreads_and(t != 7)", "0")]
    [TestCase("__syncthreads_or(t == 7)", "1")]
    [TestCase("__syncthreads_or(t == 48)", "0")]
    [TestCase("(float)__ballot_sync(0xffffffffu, t == 33)", "(t / 32 == 1 ? 2.0f : 0.0f)")]
    [TestCase("__all_sync(0xffffffffu, t < 32)", "(t < 32 ? 1 : 0)")]
    [TestCase("__float2int_rz(__uint_as_float(0x7fc00000u))", "0")]
    [TestCase("(__float2int_rz(3e9f) == 2147483647)", "1")]
    [TestCase("__float2uint_rz(-5.0f)", "0")]
    [TestCase("(__float2ll_rz(-1e30f) == -9223372036854775807LL - 1)", "1")]
    [TestCase("__clz(1) + __clzll(0) + __popc(255u) + __ffs(8)", "31 + 64 + 8 + 4")]
    [TestCase("__umulhi(0x80000000u, 6u)", "3")]
    [TestCase("(float)__umul64hi(0x8000000000000000ull, 10ull)", "5")]
    [TestCase("min(3, -2) + max(2u, 7u) + min(1.5f, 2.5f) + abs(-4)", "-2 + 7u + 1.5f + 4")]
    [TestCase("rsqrtf(4.0f) + fmaf(2.0f, 3.0f, 1.0f) + rintf(2.5f) + copysignf(3.0f, -1.0f)", "0.5f + 7 + 2 - 3")]
    public void Words(string expression, string expected) => Same($"float r = (float)({expression});", $"float e = (float)({expected});");

    [Test]
    public void Atomics_return_what_was_there_and_no_update_is_lost()
    {
        var kernel = _context.Build(Text("""
            extern "C" __global__ void atomics(float* x)
            {
                unsigned* bits = (unsigned*)x; int* numbers = (int*)x;
                atomicAdd(x, 0.5f);
                atomicAdd(numbers + 1, 1);
                atomicMax(numbers + 2, (int)(blockIdx.x * blockDim.x + threadIdx.x));
                atomicOr(bits + 3, 1u << threadIdx.x % 32);
                unsigned seen, was = bits[4];
                do { seen = was; was = atomicCAS(bits + 4, seen, seen + 2u); } while (was != seen);
            }
            """, "atomics", auto: false, View(0, "x")));
        float[] x = new float[5];
        Launch(_context, kernel, new KernelConfig(3, 40), 0, x);
        Assert.That(x[0], Is.EqualTo(60f));
        Assert.That(x[1..].Select(BitConverter.SingleToInt32Bits), Is.EqualTo(new[] { 120, 119, -1, 240 }));
    }

    [Test]
    public void Shared_memory_holds_nothing_of_the_group_before()
    {
        var kernel = _context.Build(Text("""
            extern "C" __global__ void leftover(float* x) { __shared__ float s[4]; x[blockIdx.x] = s[threadIdx.x]; s[threadIdx.x] = 1.0f; }
            """, "leftover", auto: false, View(0, "x")));
        float[] x = [0, 0];
        Launch(_context, kernel, new KernelConfig(2, 1), 0, x);
        Assert.That(x, Has.All.NaN);
    }

    // One group of 48 threads of a 2-D shape computes r and, without the words, e; both must agree in every thread.
    void Same(string r, string e)
    {
        var kernel = _context.Build(Text($$"""
            extern "C" __global__ void words(float* x, float* y)
            {
                int t = (int)(threadIdx.x + threadIdx.y * blockDim.x);
                { {{r}} x[t] = r; }
                { {{e}} y[t] = e; }
            }
            """, "words", auto: false, View(0, "x"), View(1, "y")));
        float[] x = [.. Enumerable.Repeat(float.NaN, 48)], y = [.. Enumerable.Repeat(-1f, 48)];
        Launch(_context, kernel, new KernelConfig(1, 1, 1, 16, 3, 1), 0, x, y);
        // Lanes that the last warp lacks hold nothing to compare with.
        int[] judged = [.. Enumerable.Range(0, 48).Where(t => y[t] < 480)];
        Assert.That(judged.Select(t => x[t]), Is.EqualTo(judged.Select(t => y[t])));
        Assert.That(judged, Has.Length.GreaterThanOrEqualTo(40));
    }
}
