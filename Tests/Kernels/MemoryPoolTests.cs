using System.Runtime.CompilerServices;
using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>How a device keeps its memory, on memory that counts.</summary>
sealed class MemoryPoolTests
{
    readonly ScarceMemory _memory = new();
    readonly WrappedDevice _device;

    public MemoryPoolTests() => _device = new(_memory);

    [OneTimeTearDown]
    public void Close() => _device.Dispose();

    [SetUp]
    public void StartEmpty()
    {
        _device.Trim();
        _device.ResetPeak();
        _memory.Grants = int.MaxValue;
        Assert.That((_device.LiveBytes, _device.PeakBytes, _device.ReservedBytes, _memory.Held.Count), Is.EqualTo((0L, 0L, 0L, 0)));
    }

    [TestCase(0, 256), TestCase(1, 256), TestCase(256, 256), TestCase(257, 512), TestCase(4097, 4608), TestCase(4608, 4608), TestCase(1048576, 1048576), TestCase(1048577, 1179648)]
    public void Sizes_are_rounded_up_to_an_eighth_of_a_power_of_two(int asked, long taken)
    {
        using var buffer = _device.Allocate<byte>(asked);
        Assert.That(_memory.Held, Is.EqualTo(new[] { taken }));
        Assert.That(_device.LiveBytes, Is.EqualTo(taken));
        Assert.That(buffer.Length, Is.EqualTo(asked));
    }

    [Test]
    public void A_returned_block_serves_the_next_request_of_its_size_class()
    {
        int before = _memory.Requests;
        _device.Allocate<byte>(5000).Dispose();                         // 5120
        using var same = _device.Allocate<byte>(5120);
        Assert.That(_memory.Requests - before, Is.EqualTo(1));
        using var smaller = _device.Allocate<byte>(4600);
        Assert.That(_memory.Requests - before, Is.EqualTo(2));
        using var second = _device.Allocate<byte>(5120);
        Assert.That(_memory.Requests - before, Is.EqualTo(3), "a block is handed out once");
        Assert.That(Address(second), Is.Not.EqualTo(Address(same)));
    }

    [TestCase(7680, true), TestCase(7681, false)]
    public void A_block_up_to_half_as_large_again_serves_a_request(int kept, bool serves)
    {
        _device.Allocate<byte>(kept).Dispose();
        int before = _memory.Requests;
        using var buffer = _device.Allocate<byte>(5000);
        Assert.That(_memory.Requests - before, Is.EqualTo(serves ? 0 : 1));
        Assert.That(_device.LiveBytes, Is.EqualTo(5120));
        Assert.That(_device.ReservedBytes, Is.EqualTo(serves ? 7680 : 8192 + 5120));
        using var none = _device.Allocate<byte>(5000);
        Assert.That(_memory.Requests - before, Is.EqualTo(serves ? 1 : 2), "a block is handed out once");
        buffer.Dispose();
        using var whole = _device.Allocate<byte>(kept);
        Assert.That(_memory.Requests - before, Is.EqualTo(serves ? 1 : 2), "it comes back whole");
    }

    [Test]
    public void Bytes_are_counted_as_live_as_reserved_and_at_their_peak()
    {
        var large = _device.Allocate<float>(2048);                      // 8192 bytes
        var small = _device.Allocate<float>(256);                       // 1024
        large.Dispose();
        large.Dispose();
        Assert.That((_device.LiveBytes, _device.PeakBytes, _device.ReservedBytes), Is.EqualTo((1024L, 9216L, 9216L)));
        _device.ResetPeak();
        Assert.That(_device.PeakBytes, Is.EqualTo(1024));
        using (_device.Allocate<float>(512)) Assert.That(_device.PeakBytes, Is.EqualTo(3072));
        Assert.That(_device.ReservedBytes, Is.EqualTo(9216 + 2048));
        _device.Trim();
        Assert.That((_device.LiveBytes, _device.PeakBytes, _device.ReservedBytes), Is.EqualTo((1024L, 3072L, 1024L)));
        Assert.That(_memory.Held, Is.EqualTo(new[] { 1024L }));
        small.Dispose();
    }

    [Test]
    public void Memory_kept_for_reuse_is_given_back_before_a_request_fails()
    {
        _device.Allocate<byte>(1000).Dispose();
        using var held = _device.Allocate<byte>(1 << 20);
        long peak = _device.PeakBytes;
        _memory.Grants = 0;
        Assert.That(() => _device.Allocate<byte>(3 << 20), Throws.TypeOf<OutOfDeviceMemoryException>().With.Message.EqualTo("no memory for a buffer of 3.0 MiB (1.0 MiB are in use)"));
        Assert.That(_memory.Held, Is.EqualTo(new[] { 1L << 20 }));
        Assert.That((_device.LiveBytes, _device.PeakBytes, _device.ReservedBytes), Is.EqualTo((1L << 20, peak, 1L << 20)));
    }

    [Test]
    public void Threads_never_hold_the_same_block_at_once()
    {
        using var start = new Barrier(4);
        int torn = 0;
        var threads = Enumerable.Range(1, 4).Select(id => new Thread(() =>
        {
            var held = new Queue<DeviceBuffer<int>>();
            start.SignalAndWait();
            for (int round = 0; round < 4000; round++)
            {
                var buffer = _device.Allocate<int>(100 + round % 3 * 100);
                for (int i = 0; i < 100; i++) buffer.View[i] = id;
                held.Enqueue(buffer);
                if (held.Count < 5) continue;
                var oldest = held.Dequeue();
                for (int i = 0; i < 100; i++) if (oldest.View[i] != id) Interlocked.Increment(ref torn);
                oldest.Dispose();
            }
            while (held.TryDequeue(out var rest)) rest.Dispose();
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.That(torn, Is.Zero);
        Assert.That(_device.LiveBytes, Is.Zero);
        Assert.That(_device.ReservedBytes, Is.EqualTo(_memory.Held.Sum()).And.LessThanOrEqualTo(4 * 5 * 3 * 1280), "blocks were reused");
    }

    [Test]
    public void A_closed_device_releases_what_comes_back_and_hands_out_nothing()
    {
        var memory = new ScarceMemory();
        var device = new WrappedDevice(memory);
        device.Allocate<float>(1000).Dispose();
        var late = device.Allocate<float>(1000);
        device.Allocate<float>(10).Dispose();
        device.Dispose();
        Assert.That(memory.Held, Is.EqualTo(new[] { 4096L }), "what is still in use");
        Assert.That(() => device.Allocate<float>(1000), Throws.TypeOf<ObjectDisposedException>());
        late.Dispose();
        Assert.That(memory.Held, Is.Empty);
        Assert.That((device.LiveBytes, device.ReservedBytes), Is.EqualTo((0L, 0L)));
        device.Dispose();
    }

    static unsafe nint Address(DeviceBuffer<byte> buffer) => (nint)Unsafe.AsPointer(ref buffer.View[0]);
}
