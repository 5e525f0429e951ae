using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ILGPU;
using IlgpuXai.Simt;
using NUnit.Framework;

namespace IlgpuXai.Tests;

/// <summary>Runs test kernels: an array among the arguments becomes device memory and holds the result afterwards.</summary>
static unsafe class SimtHarness
{
    public static float[] NaNs(int count) => Enumerable.Repeat(float.NaN, count).ToArray();

    public static int[] Ramp(int count) => Enumerable.Range(0, count).ToArray();

    public static float[] Random(int count, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2f - 1f).ToArray();
    }

    /// <summary>
    /// Runs in both modes and with one and two workers; all must leave the same bits, and nothing may be found. Devices that run translated kernels must agree.
    /// </summary>
    public static void Everywhere(Delegate kernel, KernelConfig config, params object[] args)
    {
        var before = args.Select(Copy).ToArray();
        Everywhere(kernel, args, (k, pointers, workers) => k.Launch(config, pointers, workers));
        TranslatedKernels.Agree(kernel.Method, config, 0, before, args);
    }

    /// <summary>The same on the host alone: for kernels that the translator refuses.</summary>
    public static void OnHost(Delegate kernel, KernelConfig config, params object[] args) =>
        Everywhere(kernel, args, (k, pointers, workers) => k.Launch(config, pointers, workers));

    /// <summary>The same for a kernel whose first parameter is the index.</summary>
    public static void EverywhereAuto(Delegate kernel, int extent, params object[] args)
    {
        var before = args.Select(Copy).ToArray();
        Everywhere(kernel, args, (k, pointers, workers) => k.LaunchAutoGrouped(extent, pointers, workers));
        TranslatedKernels.Agree(kernel.Method, null, extent, before, args);
    }

    /// <summary>What a checked launch finds; fails if it finds nothing.</summary>
    public static IReadOnlyList<string> Findings(Delegate kernel, KernelConfig config, params object[] args) =>
        Assert.Throws<SimtException>(() => Run(SimtKernel.Compile(kernel.Method, SimtMode.Checked), 1, args, (k, pointers, workers) => k.Launch(config, pointers, workers)))!.Findings;

    /// <summary>What a launch in the fast mode reports; fails if it reports nothing.</summary>
    public static IReadOnlyList<string> FastFindings(Delegate kernel, KernelConfig config, params object[] args) =>
        Assert.Throws<SimtException>(() => Run(SimtKernel.Compile(kernel.Method, SimtMode.Fast), 2, args, (k, pointers, workers) => k.Launch(config, pointers, workers)))!.Findings;

    /// <summary>What a launch by extent reports; fails if it reports nothing.</summary>
    public static IReadOnlyList<string> AutoFindings(Delegate kernel, SimtMode mode, int workers, int extent, params object[] args) =>
        Assert.Throws<SimtException>(() => Run(SimtKernel.Compile(kernel.Method, mode), workers, args, (k, pointers, w) => k.LaunchAutoGrouped(extent, pointers, w)))!.Findings;

    public static string Refusal(Delegate kernel) =>
        Assert.Throws<RefusedKernelException>(() => SimtKernel.Compile(kernel.Method, SimtMode.Fast))!.Message;

    /// <summary>File and line of a line of the caller's source, as findings name it: the one that ends with the mark.</summary>
    public static string LineOf(string mark, [CallerFilePath] string path = "")
    {
        string[] lines = File.ReadAllLines(path);
        int k = Array.FindIndex(lines, line => line.EndsWith("// " + mark, StringComparison.Ordinal));
        Assert.That(k, Is.GreaterThanOrEqualTo(0), mark);
        return $"{Path.GetFileName(path)}({k + 1})";
    }

    public delegate void Start(SimtKernel kernel, void** args, int workers);

    static void Everywhere(Delegate kernel, object[] args, Start start)
    {
        var before = args.Select(Copy).ToArray();
        SimtKernel fast = SimtKernel.Compile(kernel.Method, SimtMode.Fast), watched = SimtKernel.Compile(kernel.Method, SimtMode.Checked);
        Run(fast, 1, args, start);
        foreach (var (compiled, workers) in new[] { (fast, 2), (watched, 1), (watched, 2) })
        {
            var again = before.Select(Copy).ToArray();
            Run(compiled, workers, again, start);
            for (int k = 0; k < args.Length; k++)
                if (args[k] is Array first) Assert.That(Bytes((Array)again[k]).SequenceEqual(Bytes(first)), $"argument {k} with {workers} workers, {compiled.Mode}");
        }
    }

    public static void Run(SimtKernel kernel, int workers, object[] args, Start start)
    {
        var blocks = new void*[args.Length];
        var memory = new void*[args.Length];
        try
        {
            for (int k = 0; k < args.Length; k++)
            {
                blocks[k] = NativeMemory.AlignedAlloc(256, 16);
                if (args[k] is Array array)
                {
                    var bytes = Bytes(array);
                    memory[k] = NativeMemory.AlignedAlloc((nuint)bytes.Length + 16, 64);
                    bytes.CopyTo(new Span<byte>(memory[k], bytes.Length));
                    ((nint*)blocks[k])[0] = (nint)memory[k];      // a view is an address and a length
                    ((long*)blocks[k])[1] = array.Length;
                }
                else PutBoxed((nint)blocks[k], args[k]);
            }
            fixed (void** pointers = blocks) start(kernel, pointers, workers);
            for (int k = 0; k < args.Length; k++)
                if (args[k] is Array array) new Span<byte>(memory[k], Bytes(array).Length).CopyTo(Bytes(array));
        }
        finally
        {
            foreach (void* block in blocks) NativeMemory.AlignedFree(block);
            foreach (void* block in memory) NativeMemory.AlignedFree(block);
        }
    }

    static object Copy(object value) => value is Array array ? array.Clone() : value;

    static MethodInfo Method(string name, Type type) => typeof(SimtHarness).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(type);

    static void Put<T>(nint at, T value) where T : unmanaged => *(T*)at = value;

    /// <summary>Writes a boxed value to memory.</summary>
    public static void PutBoxed(nint at, object value) => Method(nameof(Put), value.GetType()).Invoke(null, [at, value]);

    /// <summary>The memory of an array.</summary>
    public static Span<byte> Bytes(Array array) =>
        MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), array.Length * (int)Method(nameof(SizeOf), array.GetType().GetElementType()!).Invoke(null, null)!);

    static int SizeOf<T>() => Unsafe.SizeOf<T>();
}
