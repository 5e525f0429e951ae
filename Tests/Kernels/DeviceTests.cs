using IlgpuXai.Kernels;
using ILGPU;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>A fixture on one device: views of arrays that live until the end of the test.</summary>
abstract class DeviceTests(string deviceName)
{
    readonly List<IDisposable> _buffers = [];
    Device? _device;

    protected Device Device => _device ??= TestDevices.Open(deviceName);

    [TearDown]
    public void FreeBuffers()
    {
        foreach (var b in _buffers) b.Dispose();
        _buffers.Clear();
    }

    [OneTimeTearDown]
    public void CloseDevice() => _device?.Dispose();

    /// <summary>A copy on the device.</summary>
    protected ArrayView<float> On(params ReadOnlySpan<float> values) => Copy(values);

    /// <summary>A copy on the device, rounded to float32.</summary>
    protected ArrayView<float> On(double[] values) => Copy<float>(Draw.Floats(values));

    protected ArrayView<int> On(params ReadOnlySpan<int> values) => Copy(values);

    /// <summary>An output: every element that an operation forgets stays NaN.</summary>
    protected ArrayView<float> Fresh(int length)
    {
        var view = Take<float>(length);
        Device.Fill(view, float.NaN);
        return view;
    }

    /// <summary>An output of integers, filled with −1.</summary>
    protected ArrayView<int> FreshIndices(int length)
    {
        int[] values = new int[length];
        Array.Fill(values, -1);
        return Copy<int>(values);
    }

    protected T[] Read<T>(ArrayView<T> view) where T : unmanaged
    {
        var values = new T[view.Length];
        Device.Download(view, values);
        return values;
    }

    ArrayView<T> Copy<T>(ReadOnlySpan<T> values) where T : unmanaged
    {
        var view = Take<T>(values.Length);
        Device.Upload(values, view);
        return view;
    }

    ArrayView<T> Take<T>(int length) where T : unmanaged
    {
        var buffer = Device.Allocate<T>(length);
        _buffers.Add(buffer);
        return buffer.View;
    }
}
