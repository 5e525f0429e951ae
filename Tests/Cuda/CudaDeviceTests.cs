using System.Runtime.InteropServices;
using ILGPU;
using IlgpuXai.Jit;
using IlgpuXai.Kernels;
using NUnit.Framework;
using static IlgpuXai.Tests.CudaHarness;

namespace IlgpuXai.Tests;

/// <summary>The device <c>cuda</c>: memory, queue, faults, and what is said where it cannot be opened.</summary>
public sealed partial class CudaDeviceTests
{
    [Test]
    public void It_names_itself_as_its_driver_does()
    {
        using var device = EmulatedCuda.Open();
        Assert.That((device.Name, device.Description), Is.EqualTo(("cuda", "emulated device, 4 GiB, 1 multiprocessors, 1 GHz")));
        Assert.That(new CudaDeviceFacts(0, "NVIDIA H200", 90, 132, 1_980_000, 150_110_011_392, 232_448, 12040).ToString(), Is.EqualTo("NVIDIA H200, 139.8 GiB, 132 multiprocessors, 1.98 GHz"));
    }

    [TestCase(1), TestCase(1000)]
    [TestCase(3_000_001, TestName = "Bytes_that_fill_several_pieces_of_staging_memory_come_back")]
    [TestCase(20_000_003, TestName = "Bytes_that_exceed_the_staging_memory_come_back")]
    public void Bytes_come_back(int count)
    {
        using var device = EmulatedCuda.Open();
        using var a = device.Allocate<int>(count);
        using var b = device.Allocate<int>(count);
        int[] there = new int[count], back = new int[count];
        for (int i = 0; i < count; i++) there[i] = i * 7 + 3;
        device.Upload<int>(there, a.View);
        device.Copy(a.View.Cast<float>(), b.View.Cast<float>());
        device.Download(b.View, back);
        Assert.That(back.AsSpan().SequenceEqual(there));
    }

    [Test]
    public void Uploaded_memory_may_be_changed_at_once()
    {
        using var device = EmulatedCuda.Open();
        var buffers = Enumerable.Range(0, 50).Select(_ => device.Allocate<float>(100_000)).ToList();
        float[] host = new float[100_000], back = new float[100_000];
        for (int round = 0; round < 3; round++)
            for (int k = 0; k < buffers.Count; k++)
            {
                Array.Fill(host, round * 100 + k);
                device.Upload<float>(host, buffers[k].View);
            }
        for (int k = 0; k < buffers.Count; k++)
        {
            device.Download(buffers[k].View, back);
            Assert.That(back, Has.All.EqualTo(200f + k));
            buffers[k].Dispose();
        }
    }

    [Test]
    public void A_fill_writes_its_view_and_nothing_else()
    {
        using var device = EmulatedCuda.Open();
        using var x = device.Allocate<float>(10);
        device.Fill(x.View, 1f);
        device.Fill(x.View.SubView(3, 4), -2.5f);
        float[] back = new float[10];
        device.Download(x.View, back);
        Assert.That(back, Is.EqualTo(new[] { 1f, 1, 1, -2.5f, -2.5f, -2.5f, -2.5f, 1, 1, 1 }));
    }

    [Test]
    public void A_request_beyond_the_memory_fails_as_on_every_device_and_leaves_it_usable()
    {
        using var device = EmulatedCuda.Open();
        using var x = device.Allocate<float>(1000);
        Assert.That(() => device.Allocate<float>(2L << 30), Throws.TypeOf<OutOfDeviceMemoryException>());
        device.Fill(x.View, 3f);
        device.Synchronize();
    }

    [Test]
    public void Buffers_may_outlive_the_device()
    {
        var device = EmulatedCuda.Open();
        var x = device.Allocate<float>(1000);
        device.Dispose();
        Assert.That(() => device.Synchronize(), Throws.TypeOf<ObjectDisposedException>());
        x.Dispose();
        using var again = EmulatedCuda.Open();
        using var y = again.Allocate<float>(1000);
        again.Fill(y.View, 1f);
        again.Synchronize();
    }

    [Test]
    public void Threads_share_a_device()
    {
        using var device = EmulatedCuda.Open();
        Parallel.For(0, 20, new() { MaxDegreeOfParallelism = 4 }, k =>
        {
            using var x = device.Allocate<float>(5000);
            float[] host = [.. Enumerable.Range(0, 5000).Select(i => (float)(i + k))], back = new float[5000];
            device.Upload<float>(host, x.View);
            device.Download(x.View, back);
            Assert.That(back, Is.EqualTo(host));
        });
    }

    const string Beyond = """
        extern "C" __global__ void beyond(float* x, int i) { x[i] = 1.0f; }
        """;

    static readonly KernelParameter[] s_beyond = [View(0, "x"), new(1, "i", typeof(int))];

    [Test]
    public void A_kernel_that_writes_outside_is_named_at_the_next_wait_and_another_device_can_be_opened()
    {
        using (var context = EmulatedCuda.Context())
        {
            var kernel = context.Build(Text(Beyond, "beyond", auto: false, s_beyond));
            Assert.That(() => Launch(context, kernel, new KernelConfig(1, 1), 0, new float[64], 64), Throws.TypeOf<GpuException>().With.Message.EqualTo(
                "a kernel failed, 'beyond' or one launched before it: an illegal memory access was encountered (CUDA_ERROR_ILLEGAL_ADDRESS); the device has to be opened anew"));
            Assert.That(context.Synchronize, Throws.TypeOf<GpuException>());
        }
        using var again = EmulatedCuda.Context();
        again.Synchronize();
    }

    [TestCase("__trap();", "CUDA_ERROR_LAUNCH_FAILED", TestName = "A_trap_is_a_failed_kernel")]
    [TestCase("if (threadIdx.x < 16) __syncthreads(); else __syncwarp();", "CUDA_ERROR_LAUNCH_TIMEOUT", TestName = "Threads_that_never_meet_are_a_failed_kernel")]
    public void Faults(string statement, string error)
    {
        using var context = EmulatedCuda.Context();
        var kernel = context.Build(Text($"extern \"C\" __global__ void fault(float* x) {{ {statement} x[0] = 1.0f; }}", "fault", auto: false, View(0, "x")));
        Assert.That(() => Launch(context, kernel, new KernelConfig(2, 32), 0, new float[1]), Throws.TypeOf<GpuException>().With.Message.Contains($"({error})"));
    }

    [Test]
    public void Time_passes_between_two_moments()
    {
        using var context = EmulatedCuda.Context();
        using var start = context.Mark();
        nint x = context.Reserve(1 << 22);
        context.Fill(x, 1 << 20, 1f);
        using var end = context.Mark();
        Assert.That(start.MillisecondsUntil(end), Is.GreaterThan(0f).And.LessThan(60_000f));
        context.Release(x);
    }

    [Test]
    public void A_device_newer_than_the_compiler_runs_kernels_from_PTX() => WithComputeCapability(120, () =>
    {
        using var context = EmulatedCuda.Context();
        float[] x = [0, 0];
        Launch(context, context.Build(Text(Beyond, "beyond", auto: false, s_beyond)), new KernelConfig(1, 1), 0, x, 1);
        Assert.That((context.Facts.ComputeCapability, x[1]), Is.EqualTo((120, 1f)));
    });

    [Test]
    public void A_device_older_than_the_compiler_serves_is_not_listed() => WithComputeCapability(61, () =>
    {
        var (devices, reason) = CudaDevice.Find(EmulatedCuda.Libraries);
        Assert.That((devices.Count, reason), Is.EqualTo((0, "NVRTC 12.9 does not compile for emulated device of compute capability 6.1: an older NVRTC is needed")));
        Assert.That(() => EmulatedCuda.Open(), Throws.TypeOf<DeviceUnavailableException>().With.Message.EqualTo($"device 'cuda': {reason}"));
    });

    static void WithComputeCapability(int value, Action test)
    {
        _ = EmulatedCuda.Libraries;
        Assert.That(SetVariable("EMULATED_CUDA_ARCH", $"{value}", 1), Is.Zero);
        try { test(); }
        finally { _ = SetVariable("EMULATED_CUDA_ARCH", "90", 1); }
    }

    [Test]
    public void PTX_can_be_read_without_a_device()
    {
        string ptx = CudaPtx.Of(Text(Beyond, "beyond", auto: false, s_beyond), libraries: new("no such driver", EmulatedCuda.Libraries.Nvrtc));
        Assert.That(ptx, Does.StartWith("//emulated\n").And.Not.Contains("\0"));
        Assert.That(() => CudaPtx.Of(Text(Beyond, "beyond", auto: false, s_beyond), 61, EmulatedCuda.Libraries),
            Throws.TypeOf<GpuException>().With.Message.EqualTo("NVRTC 12.9 compiles for compute capability 7.5 and later, not for 6.1"));
    }

    [Test]
    public void What_is_there_is_listed_without_opening_it()
    {
        var found = CudaDevice.Find(EmulatedCuda.Libraries);
        Assert.That(found.Reason, Is.Null);
        Assert.That(found.Devices, Is.EqualTo(new[] { new CudaDeviceFacts(0, "emulated device", 90, 1, 1_000_000, 4L << 30, 232_448, 12090) }));
    }

    [Test]
    public void A_missing_driver_or_compiler_is_named_in_one_line()
    {
        var (devices, reason) = CudaDevice.Find(new(Driver: "libcuda-of-nobody.so.1"));
        Assert.That((devices.Count, reason), Is.EqualTo((0, "libcuda-of-nobody.so.1 was not found: it comes with the NVIDIA driver")));
        Assert.That(() => new CudaDevice(libraries: new(Driver: "libcuda-of-nobody.so.1")), Throws.TypeOf<DeviceUnavailableException>().With.Message.EqualTo(
            "device 'cuda': libcuda-of-nobody.so.1 was not found: it comes with the NVIDIA driver"));
        string driver = EmulatedCuda.Libraries.Driver!;
        Assert.That(CudaDevice.Find(new(driver, "/no/libnvrtc.so")).Reason, Is.EqualTo("/no/libnvrtc.so cannot be loaded as NVRTC, the CUDA run-time compiler"));
        Assert.That(() => new CudaDevice(3, libraries: EmulatedCuda.Libraries), Throws.TypeOf<DeviceUnavailableException>().With.Message.EqualTo(
            "device 'cuda': CUDA device 3: invalid device ordinal (CUDA_ERROR_INVALID_DEVICE)"));
    }

    // The runtime keeps its own copy of the environment; the emulated driver reads that of the C library.
    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
