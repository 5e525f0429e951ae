using System.Runtime.CompilerServices;
using ILGPU;

namespace IlgpuXai.Jit;

/// <summary>A kernel compiled by an OpenCL driver.</summary>
sealed unsafe class OpenClKernel : IGpuKernel
{
    readonly OpenClContext _context;
    readonly OpenClLibrary _cl = OpenClLibrary.Instance;
    readonly nint _kernel;
    readonly KernelText _text;
    readonly int[] _sizes;
    readonly Lock _lock = new();

    public OpenClKernel(OpenClContext context, nint kernel, KernelText text)
    {
        (_context, _kernel, _text) = (context, kernel, text);
        _sizes = [.. text.Parameters.Select(p => (int)typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(p.Type).Invoke(null, null)!)];
    }

    public void Launch(in KernelConfig config, int extent, void** args)
    {
        if (config.GroupDim.LongSize > _context.Device.MaxGroupSize)
            throw new GpuException($"{_text.EntryPoint}: groups of {config.GroupDim} threads: {_context.Device.Name} has at most {_context.Device.MaxGroupSize}");
        // Arguments belong to the kernel until it is enqueued.
        lock (_lock)
        {
            SetArguments(config, extent, args);
            var global = stackalloc nuint[] { Along(config.GridDim.X, config.GroupDim.X), Along(config.GridDim.Y, config.GroupDim.Y), Along(config.GridDim.Z, config.GroupDim.Z) };
            var local = stackalloc nuint[] { (nuint)config.GroupDim.X, (nuint)config.GroupDim.Y, (nuint)config.GroupDim.Z };
            OpenClLibrary.Check(_cl.EnqueueNDRangeKernel(_context.Queue, _kernel, 3, null, global, local, 0, null, null), $"{_text.EntryPoint} on {_context.Device.Name}");
        }
    }

    static nuint Along(int groups, int threads) => (nuint)groups * (nuint)threads;

    void SetArguments(in KernelConfig config, int extent, void** args)
    {
        uint at = 0;
        if (_text.IsAutoGrouped) Set(at++, sizeof(int), &extent);
        int skip = _text.IsAutoGrouped ? 1 : 0;
        for (int k = 0; k < _text.Parameters.Count; k++)
        {
            var p = _text.Parameters[k];
            void* arg = args[p.Index - skip];
            if (p.IsConstant) continue;
            if (!p.IsView)
            {
                Set(at++, _sizes[k], arg);
                continue;
            }
            var view = *(ArrayView<byte>*)arg;                  // views of all types are alike: an address and a count
            nint buffer = _context.Memory.Find((nint)view.Data, out long bytes);
            long offset = bytes / p.ElementSize, length = view.Length;
            Set(at++, sizeof(nint), buffer == 0 ? null : &buffer);
            Set(at++, sizeof(long), &offset);
            if (p.PassesLength) Set(at++, sizeof(long), &length);
        }
        int dynamic = config.SharedMemoryConfig.ArraySize;
        if (_text.UsesDynamicShared) Set(at++, Math.Max(1, dynamic), null);
        if (_text.PassesDynamicBytes) Set(at, sizeof(int), &dynamic);
    }

    void Set(uint index, int size, void* value) => OpenClLibrary.Check(_cl.SetKernelArg(_kernel, index, (nuint)size, value), $"argument {index} of {_text.EntryPoint}");
}
