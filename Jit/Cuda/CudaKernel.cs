using System.Text;
using ILGPU;

namespace IlgpuXai.Jit;

/// <summary>A kernel in the driver's hands.</summary>
sealed unsafe class CudaKernel : IGpuKernel
{
    // Without asking, a group gets 48 KiB, static and dynamic together; grids are short in y and z.
    const int UnaskedSharedBytes = 48 << 10, MostGroupsYZ = 65535;

    /// <summary>One parameter of the device function: which argument it comes from, and at which byte of it.</summary>
    readonly record struct Slot(int Argument, int Offset);

    readonly CudaContext _context;
    readonly CudaStream _stream;
    readonly KernelText _text;
    readonly Slot[] _slots;
    readonly nint _function;
    readonly int _maxThreads, _staticShared;
    readonly Lock _sharedLock = new();
    int _allowedShared;

    public CudaKernel(CudaContext context, CudaStream stream, nint module, KernelText text)
    {
        (_context, _stream, _text, _slots) = (context, stream, text, [.. Slots(text)]);
        var driver = stream.Driver;
        nint function;
        fixed (byte* name = Encoding.UTF8.GetBytes(text.EntryPoint + '\0'))
            driver.Check(driver.ModuleGetFunction(&function, module, name), $"{text.EntryPoint}: no such function in the compiled kernel");
        _function = function;
        _maxThreads = Attribute(FunctionAttribute.MaxThreadsPerBlock);
        _staticShared = Attribute(FunctionAttribute.SharedSizeBytes);
        _allowedShared = UnaskedSharedBytes - _staticShared;
    }

    // A view is an address and a 64-bit count, in this order: the function takes the one and, if it wants it, the other.
    static IEnumerable<Slot> Slots(KernelText text)
    {
        int first = text.IsAutoGrouped ? 1 : 0;
        foreach (var p in text.Parameters)
        {
            if (p.IsConstant) continue;
            yield return new(p.Index - first, 0);
            if (p is { IsView: true, PassesLength: true }) yield return new(p.Index - first, sizeof(long));
        }
    }

    public void Launch(in KernelConfig config, int extent, void** args)
    {
        int first = _text.IsAutoGrouped ? 1 : 0;
        void** values = stackalloc void*[first + _slots.Length + 1];
        if (first == 1) values[0] = &extent;
        for (int i = 0; i < _slots.Length; i++) values[first + i] = (byte*)args[_slots[i].Argument] + _slots[i].Offset;

        int dynamic = config.SharedMemoryConfig.ArraySize, shared = dynamic + _text.CarvedSharedBytes;
        if (_text.PassesDynamicBytes) values[first + _slots.Length] = &dynamic;
        _context.MakeCurrent();
        Admit(config, shared);
        var (grid, group) = (config.GridDim, config.GroupDim);
        var status = _stream.Driver.LaunchKernel(_function, (uint)grid.X, (uint)grid.Y, (uint)grid.Z, (uint)group.X, (uint)group.Y, (uint)group.Z, (uint)shared, _stream.Handle, values, null);
        _stream.Check(status, $"{_text.EntryPoint}, {grid} groups of {group} threads");
        _stream.Launched(_text.EntryPoint);
    }

    /// <exception cref="GpuException">The device does not run launches of this shape.</exception>
    void Admit(in KernelConfig config, int shared)
    {
        if (config.GroupDim.LongSize > _maxThreads)
            throw new GpuException($"{_text.EntryPoint}: a group of {config.GroupDim.LongSize} threads: the compiled kernel takes at most {_maxThreads}");
        if (Math.Max(config.GridDim.Y, config.GridDim.Z) > MostGroupsYZ)
            throw new GpuException($"{_text.EntryPoint}: {config.GridDim} groups: CUDA takes at most {MostGroupsYZ} in y and z");
        if (_staticShared + shared > Math.Max(_context.Facts.SharedBytes, UnaskedSharedBytes))
            throw new GpuException($"{_text.EntryPoint}: {_staticShared + shared} bytes of shared memory per group: {_context.Facts.Name} has {_context.Facts.SharedBytes}");
        if (shared > _allowedShared) Allow(shared);
    }

    void Allow(int shared)
    {
        lock (_sharedLock)
        {
            if (shared <= _allowedShared) return;
            _stream.Check(_stream.Driver.FuncSetAttribute(_function, FunctionAttribute.MaxDynamicSharedSizeBytes, shared), $"{_text.EntryPoint}: {shared} bytes of shared memory");
            _allowedShared = shared;
        }
    }

    int Attribute(FunctionAttribute attribute)
    {
        int value;
        _stream.Check(_stream.Driver.FuncGetAttribute(&value, attribute, _function), $"{_text.EntryPoint}: {attribute}");
        return value;
    }
}
