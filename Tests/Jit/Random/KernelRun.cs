using ILGPU;
using ILGPU.Runtime;
using IlgpuXai.Kernels;

namespace IlgpuXai.Tests.RandomKernels;

/// <summary>Runs random kernels, on the host and on devices.</summary>
static class KernelRun
{
    /// <summary>The first difference between a device and the host, or what the device says it cannot do; null if all bits agree.</summary>
    /// <param name="spoil">Changes what the host computed: a check of the check.</param>
    public static string? Difference(CompiledKernel kernel, GpuDevice device, bool spoil = false) => kernel.Kernel.Small switch
    {
        Scalar.Byte => Of<byte>(kernel, device, spoil),
        Scalar.SByte => Of<sbyte>(kernel, device, spoil),
        Scalar.Short => Of<short>(kernel, device, spoil),
        _ => Of<ushort>(kernel, device, spoil),
    };

    static string? Of<TSmall>(CompiledKernel kernel, GpuDevice device, bool spoil) where TSmall : unmanaged
    {
        var before = KernelData<TSmall>.Make(kernel.Kernel);
        using var memory = new CpuDevice(1);
        var expected = Run(memory, before, buffers => HostRun(kernel, buffers.Arguments(before)));
        if (spoil) expected.Ulongs[RandomKernel.Inputs] ^= 1ul << 40;
        try
        {
            return Run(device, before, buffers => buffers.Launch(kernel, device.Runner, before)).Difference(expected);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return $"{e.GetType().Name}: {e.Message}";
        }
    }

    static KernelData<TSmall> Run<TSmall>(Device device, KernelData<TSmall> before, Action<KernelBuffers<TSmall>> launch) where TSmall : unmanaged
    {
        using var buffers = new KernelBuffers<TSmall>(device, before);
        launch(buffers);
        return buffers.Download(before);
    }

    /// <summary>All threads of a group go on to their next barrier, one after the other, until all have ended.</summary>
    static void HostRun(CompiledKernel compiled, object[] arguments)
    {
        var kernel = compiled.Kernel;
        using var thread = new HostThread { GridDim = kernel.Grid, GroupDim = kernel.Group };
        for (int g = 0; g < kernel.Grid.Size; g++)
        {
            thread.NextGroup();
            thread.GridIdx = new(g % kernel.Grid.X, g / kernel.Grid.X);
            var waiting = new List<(Index2D Place, IEnumerator<int> Stops)>();
            for (int t = 0; t < kernel.Group.Size; t++)
            {
                thread.GroupIdx = new(t % kernel.Group.X, t / kernel.Group.X);
                object? started = compiled.Host.Invoke(null, kernel.IsAuto ? [new Index1D(t), .. arguments] : arguments);
                if (started is IEnumerable<int> stops) waiting.Add((thread.GroupIdx, stops.GetEnumerator()));
            }
            for (bool first = true; waiting.Count > 0; first = false)
            {
                int going = waiting.Count(w =>
                {
                    thread.GroupIdx = w.Place;
                    if (first) thread.FirstTurn();
                    return w.Stops.MoveNext();
                });
                if (going == 0) break;
                if (going < waiting.Count) throw new InvalidOperationException($"seed {kernel.Seed}: {going} of {waiting.Count} threads wait at a barrier");
            }
        }
    }
}

/// <summary>The views of one launch.</summary>
sealed class KernelBuffers<TSmall> : IDisposable where TSmall : unmanaged
{
    readonly Device _device;
    readonly DeviceBuffer<int> _ints;
    readonly DeviceBuffer<uint> _uints;
    readonly DeviceBuffer<long> _longs;
    readonly DeviceBuffer<ulong> _ulongs;
    readonly DeviceBuffer<float> _floats;
    readonly DeviceBuffer<TSmall> _smalls;
    readonly DeviceBuffer<Pair> _pairs;

    public KernelBuffers(Device device, KernelData<TSmall> data)
    {
        _device = device;
        _ints = Upload(data.Ints);
        _uints = Upload(data.Uints);
        _longs = Upload(data.Longs);
        _ulongs = Upload(data.Ulongs);
        _floats = Upload(data.Floats);
        _smalls = Upload(data.Smalls);
        _pairs = Upload(data.Pairs);
    }

    public object[] Arguments(KernelData<TSmall> data) =>
        [(ArrayView1D<int, Stride1D.Dense>)_ints.View, _uints.View, _longs.View, _ulongs.View, (ArrayView1D<float, Stride1D.Dense>)_floats.View, _smalls.View, _pairs.View, data.N, data.Params, SpecializedValue.New(data.Specialized)];

    public void Launch(CompiledKernel compiled, IKernelRunner runner, KernelData<TSmall> data)
    {
        var kernel = compiled.Kernel;
        var q = SpecializedValue.New(data.Specialized);
        if (kernel.IsAuto)
            runner.LoadAuto(compiled.Device.CreateDelegate<Action<Index1D, ArrayView1D<int, Stride1D.Dense>, ArrayView<uint>, ArrayView<long>, ArrayView<ulong>, ArrayView1D<float, Stride1D.Dense>, ArrayView<TSmall>, ArrayView<Pair>, int, Params, SpecializedValue<int>>>())
                (kernel.Threads, _ints.View, _uints.View, _longs.View, _ulongs.View, _floats.View, _smalls.View, _pairs.View, data.N, data.Params, q);
        else
            runner.Load(compiled.Device.CreateDelegate<Action<ArrayView1D<int, Stride1D.Dense>, ArrayView<uint>, ArrayView<long>, ArrayView<ulong>, ArrayView1D<float, Stride1D.Dense>, ArrayView<TSmall>, ArrayView<Pair>, int, Params, SpecializedValue<int>>>())
                (new KernelConfig(kernel.Grid, kernel.Group), _ints.View, _uints.View, _longs.View, _ulongs.View, _floats.View, _smalls.View, _pairs.View, data.N, data.Params, q);
    }

    public KernelData<TSmall> Download(KernelData<TSmall> before) => new()
    {
        Ints = Download(_ints), Uints = Download(_uints), Longs = Download(_longs), Ulongs = Download(_ulongs), Floats = Download(_floats), Smalls = Download(_smalls), Pairs = Download(_pairs),
        N = before.N, Params = before.Params, Specialized = before.Specialized,
    };

    DeviceBuffer<T> Upload<T>(T[] from) where T : unmanaged
    {
        var buffer = _device.Allocate<T>(from.Length);
        _device.Upload<T>(from, buffer.View);
        return buffer;
    }

    T[] Download<T>(DeviceBuffer<T> from) where T : unmanaged
    {
        var to = new T[from.Length];
        _device.Download(from.View, to);
        return to;
    }

    public void Dispose()
    {
        foreach (IDisposable buffer in (IDisposable[])[_ints, _uints, _longs, _ulongs, _floats, _smalls, _pairs]) buffer.Dispose();
    }
}
