using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace IlgpuXai.Tests.RandomKernels;

/// <summary>A kernel as methods: for devices, and for the host.</summary>
sealed record CompiledKernel(RandomKernel Kernel, MethodInfo Device, MethodInfo Host);

/// <summary>How kernels are compiled.</summary>
sealed record CompilerSettings(OptimizationLevel Optimization, bool Pdb)
{
    public static readonly CompilerSettings Release = new(OptimizationLevel.Release, true);
    public static readonly CompilerSettings Debug = new(OptimizationLevel.Debug, true);
    public static readonly CompilerSettings WithoutPdb = new(OptimizationLevel.Release, false);

    public override string ToString() => $"{Optimization}{(Pdb ? "" : " without PDB")}";
}

/// <summary>C# text → methods in an assembly of their own.</summary>
static class KernelCompiler
{
    const string Usings =
        """
        using System;
        using System.Collections.Generic;
        using ILGPU;
        using ILGPU.Algorithms;
        using ILGPU.Runtime;
        using IlgpuXai.Tests.RandomKernels;

        """;

    const string HostUsings =
        """
        using Group = IlgpuXai.Tests.RandomKernels.HostGroup;
        using Grid = IlgpuXai.Tests.RandomKernels.HostGrid;
        using SharedMemory = IlgpuXai.Tests.RandomKernels.HostSharedMemory;
        using LocalMemory = IlgpuXai.Tests.RandomKernels.HostLocalMemory;
        using Shared = IlgpuXai.Tests.RandomKernels.HostShared;

        """;

    const string Name = "RandomKernels";

    // The compiler keeps what it read of the references as long as only the texts change, and so does the name.
    static readonly ConcurrentDictionary<OptimizationLevel, CSharpCompilation> s_empty = new();

    static CSharpCompilation Empty(OptimizationLevel optimization) => CSharpCompilation.Create(Name,
        references: ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Where(Wanted).Select(path => MetadataReference.CreateFromFile(path)),
        options: new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: optimization, generalDiagnosticOption: ReportDiagnostic.Suppress));

    static bool Wanted(string path) =>
        Path.GetFileName(path) is "System.Private.CoreLib.dll" or "System.Runtime.dll" or "System.Collections.dll" || path == typeof(ILGPU.Group).Assembly.Location || path == typeof(Pair).Assembly.Location;

    public static string Text(RandomKernel kernel, bool host) =>
        $"{Usings}{(host ? HostUsings : "")}namespace Seed{kernel.Seed}.{(host ? "Host" : "Device")};\npublic static class Program\n{{\n{kernel.Print(host)}\n}}\n";

    /// <summary>Compiles all into one assembly; null where the text is no program.</summary>
    /// <param name="complain">Takes the compiler's first error.</param>
    public static IReadOnlyList<CompiledKernel>? Compile(IReadOnlyList<RandomKernel> kernels, CompilerSettings settings, Action<string>? complain = null)
    {
        string folder = Directory.CreateTempSubdirectory("random-kernels").FullName;
        try
        {
            var trees = kernels.SelectMany(k => new[] { (k, false), (k, true) }).Select(k => CSharpSyntaxTree.ParseText(
                SourceText.From(Text(k.k, k.Item2), Encoding.UTF8), new CSharpParseOptions(LanguageVersion.CSharp13), $"Seed{k.k.Seed}{(k.Item2 ? "Host" : "")}.cs"));
            var compilation = s_empty.GetOrAdd(settings.Optimization, Empty).AddSyntaxTrees(trees);
            string path = Path.Combine(folder, Name + ".dll"), pdb = Path.ChangeExtension(path, ".pdb");
            EmitResult result;
            using (var dll = File.Create(path))
            using (var symbols = settings.Pdb ? File.Create(pdb) : null)
                result = compilation.Emit(dll, symbols, options: new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb, pdbFilePath: pdb));
            if (!result.Success)
            {
                complain?.Invoke($"{result.Diagnostics.First(d => d.Severity == DiagnosticSeverity.Error)}");
                return null;
            }
            var assembly = new AssemblyLoadContext(Name).LoadFromAssemblyPath(path);
            MethodInfo Method(RandomKernel k, string side) => assembly.GetType($"Seed{k.Seed}.{side}.Program", throwOnError: true)!.GetMethod("Kernel")!;
            var compiled = kernels.Select(k => new CompiledKernel(k, Method(k, "Device"), Method(k, "Host"))).ToList();
            s_folders.Add(folder);
            return compiled;
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    // Names of variables and lines are read from the files when kernels are compiled, so they stay until the process ends.
    static readonly Folders s_folders = new();

    sealed class Folders
    {
        readonly List<string> _paths = [];

        public Folders() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            foreach (string path in _paths) Directory.Delete(path, recursive: true);
        };

        public void Add(string path)
        {
            lock (_paths) _paths.Add(path);
        }
    }
}
