using System.Reflection;
using System.Runtime.InteropServices;
using ILGPU;
using IlgpuXai.Jit;
using IlgpuXai.Kernels;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Runs test kernels as translated text, on every device that is here for that, and compares with what the host's emulation gave.</summary>
/// <remarks>Arithmetic is exact, so integers and sums of floats agree bit by bit; functions such as exp may differ in the last places.</remarks>
static unsafe class TranslatedKernels
{
    const float Tolerance = 1e-6f;

    sealed record Place(string Name, GpuDevice Device, IGpuContext Context, bool HasWarps);

    static readonly Lazy<IReadOnlyList<Place>> s_places = new(Open);

    /// <summary>The names of the devices.</summary>
    public static IEnumerable<string> Devices => s_places.Value.Select(p => p.Name);

    static List<Place> Open()
    {
        var places = new List<Place>();
        try
        {
            var device = new OpenClDevice(math: KernelMath.Exact);
            places.Add(new("opencl", device, device.Context, HasWarps: false));
        }
        catch (DeviceUnavailableException) { }
        if (CudaDevice.Find().Reason is null)
        {
            var device = new CudaDevice(math: KernelMath.Exact);
            places.Add(new("cuda", device, device.Context, HasWarps: true));
        }
        else if (EmulatedCuda.Missing is null && EmulatedCuda.Open(KernelMath.Exact) is var emulated) places.Add(new("emulated cuda", emulated, emulated.Context, HasWarps: true));
        return places;
    }

    /// <param name="config">Null for an implicitly grouped kernel.</param>
    /// <param name="before">The arguments; arrays are device memory.</param>
    /// <param name="after">The same behind a run on the host.</param>
    public static void Agree(MethodInfo kernel, KernelConfig? config, int extent, object[] before, object[] after)
    {
        foreach (var place in s_places.Value)
        {
            var text = KernelTranslator.Translate(kernel, new(place.Context.Language) { Math = KernelMath.Exact, MaxGroupSize = 1024 });
            if (text.UsesWarps && !place.HasWarps) continue;
            object[] args = [.. before.Select(a => a is Array array ? array.Clone() : a)];
            Run(place, text, config ?? new KernelConfig((extent + 255) / 256, 256), extent, args);
            for (int k = 0; k < args.Length; k++)
                if (args[k] is Array values) Compare((Array)after[k], values, $"argument {k} on {place.Name}\n{text.Text}");
        }
    }

    static void Compare(Array expected, Array actual, string where)
    {
        if (expected is float[] floats)
            for (int i = 0; i < floats.Length; i++)
            {
                float e = floats[i], a = ((float[])actual)[i];
                bool same = e.Equals(a) || Math.Abs(e - a) <= Tolerance * Math.Max(1f, Math.Abs(e));
                Assert.That(same, $"element {i} is {a}, expected {e}, {where}");
            }
        else Assert.That(SimtHarness.Bytes(actual).SequenceEqual(SimtHarness.Bytes(expected)), where);
    }

    static void Run(Place place, KernelText text, in KernelConfig config, int extent, object[] args)
    {
        var blocks = new void*[args.Length];
        var buffers = new DeviceBuffer<byte>?[args.Length];
        try
        {
            for (int k = 0; k < args.Length; k++)
            {
                blocks[k] = NativeMemory.AlignedAlloc(256, 16);
                if (args[k] is Array array)
                {
                    var bytes = SimtHarness.Bytes(array);
                    buffers[k] = place.Device.Allocate<byte>(Math.Max(1, bytes.Length));
                    place.Device.Upload<byte>(bytes, buffers[k]!.View.SubView(0, bytes.Length));
                    *(ArrayView<byte>*)blocks[k] = new(buffers[k]!.View.Data, array.Length);
                }
                else SimtHarness.PutBoxed((nint)blocks[k], args[k]);
            }
            var built = place.Context.Build(text);
            fixed (void** pointers = blocks) built.Launch(config, extent, pointers);
            for (int k = 0; k < args.Length; k++)
                if (args[k] is Array array) place.Device.Download(buffers[k]!.View.SubView(0, SimtHarness.Bytes(array).Length), SimtHarness.Bytes(array));
        }
        finally
        {
            foreach (void* block in blocks) NativeMemory.AlignedFree(block);
            foreach (var buffer in buffers) buffer?.Dispose();
        }
    }
}
