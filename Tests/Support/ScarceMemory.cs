using System.Runtime.InteropServices;
using IlgpuXai.Kernels;

namespace IlgpuXai.Tests;

/// <summary>Memory that grants a number of requests and refuses all later ones; it knows what is outstanding.</summary>
sealed unsafe class ScarceMemory : HostMemory
{
    const int Margin = 256;                                             // the processor's kernels may read a little beside a block

    readonly Dictionary<nint, long> _held = [];

    /// <summary>Requests still granted.</summary>
    public int Grants { get; set; } = int.MaxValue;

    public int Requests { get; private set; }

    /// <summary>Sizes of the blocks not yet given back.</summary>
    public IReadOnlyCollection<long> Held => _held.Values;

    public override nint Reserve(long bytes)
    {
        Requests++;
        if (Grants == 0) return 0;
        Grants--;
        nint address = (nint)NativeMemory.AlignedAlloc((nuint)bytes + 2 * Margin, 64) + Margin;
        _held.Add(address, bytes);
        return address;
    }

    public override void Release(nint address, long bytes)
    {
        if (!_held.Remove(address, out long held) || held != bytes) throw new InvalidOperationException($"{bytes} bytes were given back that were never reserved");
        NativeMemory.AlignedFree((void*)(address - Margin));
    }
}
