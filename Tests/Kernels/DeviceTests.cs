using IlgpuXai.Kernels;
using ILGPU;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>A fixture on one device: views of guarded arrays that live until the end of the test, which fails if anything beside them was written.</summary>
abstract class DeviceTests(string deviceName)
{
    readonly List<(Action Check, IDisposable Array)> _arrays = [];
    Device? _device;

    protected Device Device => _device ??= TestDevices.Open(deviceName);

    [TearDown]
    public void CheckAndFreeArrays()
    {
        try
        {
            foreach (var (check, _) in _arrays) check();
        }
        finally
        {
            foreach (var (_, array) in _arrays) array.Dispose();
            _arrays.Clear();
        }
    }

    [OneTimeTearDown]
    public void CloseDevice() => _device?.Dispose();

    /// <summary>A copy on the device.</summary>
    protected ArrayView<float> On(params ReadOnlySpan<float> values) => Keep(values.ToArray(), -12345.67f);

    /// <summary>A copy on the device, rounded to float32.</summary>
    protected ArrayView<float> On(double[] values) => Keep(Draw.Floats(values), -12345.67f);

    protected ArrayView<int> On(params ReadOnlySpan<int> values) => Keep(values.ToArray(), -7);

    /// <summary>An output: every element that an operation forgets stays NaN.</summary>
    protected ArrayView<float> Fresh(int length) => Keep([.. Enumerable.Repeat(float.NaN, length)], -12345.67f);

    /// <summary>An output of integers, none of them a position.</summary>
    protected ArrayView<int> FreshIndices(int length) => Keep([.. Enumerable.Repeat(int.MinValue, length)], -7);

    protected T[] Read<T>(ArrayView<T> view) where T : unmanaged
    {
        var values = new T[view.Length];
        Device.Download(view, values);
        return values;
    }

    ArrayView<T> Keep<T>(T[] values, T guard) where T : unmanaged
    {
        var array = new GuardedArray<T>(Device, "a view of the test", values, guard);
        _arrays.Add((() => array.Read(), array));
        return array.View;
    }
}
