using System.Runtime.InteropServices;
using ILGPU;
using IlgpuXai.Jit;

namespace IlgpuXai.Tests;

/// <summary>Runs kernels that are written down as text: a float array among the arguments becomes device memory and holds the result afterwards.</summary>
static unsafe class CudaHarness
{
    public static KernelText Text(string text, string name, bool auto, params KernelParameter[] parameters) =>
        new(new(Language.Cuda), name, text, parameters) { IsAutoGrouped = auto };

    public static KernelParameter View(int index, string name, bool length = false) => new(index, name, typeof(ArrayView<float>)) { IsView = true, PassesLength = length, ElementSize = 4, IsWritten = true };

    public static void Launch(CudaContext context, IGpuKernel kernel, KernelConfig config, int extent, params object[] args)
    {
        var memory = new nint[args.Length];
        void** pointers = stackalloc void*[args.Length];
        try
        {
            for (int k = 0; k < args.Length; k++)
            {
                long* block = (long*)(pointers[k] = NativeMemory.AllocZeroed(64));
                if (args[k] is float[] array)
                {
                    memory[k] = context.Reserve(array.Length * sizeof(float));
                    context.Upload(MemoryMarshal.AsBytes<float>(array), memory[k]);
                    (block[0], block[1]) = (memory[k], array.Length);
                }
                else Marshal.StructureToPtr(args[k], (nint)block, false);
            }
            kernel.Launch(config, extent, pointers);
            for (int k = 0; k < args.Length; k++) new Span<byte>(pointers[k], 64).Fill(0x77);      // the launch has read its arguments
            for (int k = 0; k < args.Length; k++)
                if (args[k] is float[] array) context.Download(memory[k], MemoryMarshal.AsBytes(array.AsSpan()));
        }
        finally
        {
            for (int k = 0; k < args.Length; k++)
            {
                NativeMemory.Free(pointers[k]);
                if (memory[k] != 0) context.Release(memory[k]);
            }
        }
    }
}
