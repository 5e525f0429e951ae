using IlgpuXai.Kernels;
using ILGPU;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>A view that starts at an odd place inside a larger buffer, with known values on both sides that must survive.</summary>
sealed class GuardedArray<T> : IDisposable where T : unmanaged
{
    const int Before = 37, After = 61;

    readonly Device _device;
    readonly DeviceBuffer<T> _buffer;
    readonly T[] _start;
    readonly string _name;

    public GuardedArray(Device device, string name, T[] values, T guard)
    {
        (_device, _name) = (device, name);
        _start = [.. Enumerable.Repeat(guard, Before), .. values, .. Enumerable.Repeat(guard, After)];
        _buffer = device.Allocate<T>(_start.Length);
        device.Upload<T>(_start, _buffer.View);
        View = _buffer.View.SubView(Before, values.Length);
    }

    public ArrayView<T> View { get; }

    /// <summary>The contents; fails if anything beside the view has changed.</summary>
    public T[] Read()
    {
        var all = new T[_start.Length];
        _device.Download<T>(_buffer.View, all);
        int end = Before + View.IntLength;
        for (int i = 0; i < all.Length; i++)
            if ((i < Before || i >= end) && !all[i].Equals(_start[i])) Assert.Fail($"{_name}: wrote element {i - Before} of a view of {View.Length}");
        return all[Before..end];
    }

    public void Dispose() => _buffer.Dispose();
}
