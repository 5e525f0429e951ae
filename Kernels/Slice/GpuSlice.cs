using ILGPU;

namespace IlgpuXai.Kernels;

/// <summary>One thread per element of the part.</summary>
sealed class GpuSlice(IKernelRunner runner) : ISlice
{
    readonly Action<Index1D, View, View, SliceShape> _extract = runner.LoadAuto<View, View, SliceShape>(ExtractKernel);
    readonly Action<Index1D, View, View, SliceShape> _insert = runner.LoadAuto<View, View, SliceShape>(InsertKernel);

    public void Extract(View whole, View part, SliceShape s)
    {
        s.Check(whole, part);
        _extract(part.IntLength, whole, part, s);
    }

    public void Insert(View part, View whole, SliceShape s)
    {
        s.Check(whole, part);
        _insert(part.IntLength, part, whole, s);
    }

    static void ExtractKernel(Index1D i, View whole, View part, SliceShape s) => part[i] = whole[InWhole(i, s)];
    static void InsertKernel(Index1D i, View part, View whole, SliceShape s) => whole[InWhole(i, s)] = part[i];

    static int InWhole(int i, SliceShape s)
    {
        int inner = i % s.Inner, k = i / s.Inner % s.Part, outer = i / s.Inner / s.Part;
        return (outer * s.Whole + s.Offset + k) * s.Inner + inner;
    }
}
