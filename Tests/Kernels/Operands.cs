using IlgpuXai.Kernels;

namespace IlgpuXai.Tests;

/// <summary>Inputs and outputs of one call on one device.</summary>
sealed class Operands(Device device) : IDisposable
{
    const float Canary = -12345.67f;

    readonly List<IDisposable> _all = [];

    public GuardedArray<float> In(double[] values, string name = "input") => Keep(new GuardedArray<float>(device, name, Draw.Floats(values), Canary));

    public GuardedArray<int> In(int[] values, string name = "input") => Keep(new GuardedArray<int>(device, name, values, -7));

    /// <summary>An output full of NaN: what the kernel does not write shows.</summary>
    public GuardedArray<float> Out(int length, string name = "output") => Keep(new GuardedArray<float>(device, name, [.. Enumerable.Repeat(float.NaN, length)], Canary));

    public GuardedArray<int> OutInts(int length, string name = "output") => Keep(new GuardedArray<int>(device, name, [.. Enumerable.Repeat(int.MinValue, length)], -7));

    public void Dispose() => _all.ForEach(a => a.Dispose());

    GuardedArray<T> Keep<T>(GuardedArray<T> a) where T : unmanaged
    {
        _all.Add(a);
        return a;
    }
}
