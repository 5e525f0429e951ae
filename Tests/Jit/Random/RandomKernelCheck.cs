using System.Diagnostics;
using IlgpuXai.Kernels;

namespace IlgpuXai.Tests.RandomKernels;

/// <summary>A kernel that gives other bits on a device than on the host.</summary>
sealed record Disagreement(RandomKernel Kernel, string Difference)
{
    public override string ToString() => $"seed {Kernel.Seed}, grid {Kernel.Grid}, group {Kernel.Group}: {Difference}\n{Kernel.Print(host: false)}";
}

/// <summary>Compares random kernels on a device with the host.</summary>
/// <param name="open">Opens the device. It has to round every operation as written: no contracted multiply-add, correct division and square root.</param>
/// <param name="openPlain">The same without its driver's optimiser: a kernel that agrees there is counted, not reported. Null: the device has no such switch.</param>
sealed class RandomKernelCheck(Func<GpuDevice> open, CompilerSettings settings, Func<GpuDevice>? openPlain = null)
{
    const int Batch = 50;
    static readonly TimeSpan s_shrinking = TimeSpan.FromMinutes(2);

    /// <summary>Kernels whose text is right, by the device without optimiser, and whose optimised code is not.</summary>
    public int FaultsOfTheOptimiser { get; private set; }

    /// <summary>The kernels of the seeds on which device and host differ, the first of them made as short as it goes.</summary>
    /// <param name="most">Stop after so many.</param>
    public List<Disagreement> Run(IEnumerable<int> seeds, int most = 1)
    {
        using var device = open();
        var found = Find(device, seeds).Take(most).ToList();
        return found.Count == 0 ? found : [Shrunk(found[0], k => Still(k, device, Kind(found[0].Difference))), .. found[1..]];
    }

    IEnumerable<Disagreement> Find(GpuDevice device, IEnumerable<int> seeds)
    {
        foreach (var batch in seeds.Chunk(Batch))
            foreach (var compiled in KernelCompiler.Compile([.. batch.Select(RandomKernel.Make)], settings, error => throw new InvalidOperationException(error))!)
                if (KernelRun.Difference(compiled, device) is { } difference)
                {
                    if (AgreesPlain(compiled)) FaultsOfTheOptimiser++;
                    else yield return new(compiled.Kernel, difference);
                }
    }

    bool AgreesPlain(CompiledKernel kernel)
    {
        if (openPlain is null) return false;
        using var plain = openPlain();
        return KernelRun.Difference(kernel, plain) is null;
    }

    /// <summary>Leaves out statements and simplifies expressions as long as something is wrong.</summary>
    /// <param name="fails">What is wrong with a kernel; null if nothing is.</param>
    public static Disagreement Shrunk(Disagreement from, Func<RandomKernel, string?> fails)
    {
        var clock = Stopwatch.StartNew();
        var best = from;
        for (bool smaller = true; smaller;)
        {
            smaller = false;
            foreach (var edit in Shrinking.Edits(best.Kernel.Code))
            {
                if (clock.Elapsed > s_shrinking) return best;
                var code = edit(best.Kernel.Code);
                if (ReferenceEquals(code, best.Kernel.Code)) continue;
                var kernel = best.Kernel with { Code = code };
                if (fails(kernel) is not { } difference) continue;
                best = new(kernel, difference);
                smaller = true;
            }
        }
        return best;
    }

    string? Still(RandomKernel kernel, GpuDevice device, string kind) =>
        KernelCompiler.Compile([kernel], settings) is [var compiled] && KernelRun.Difference(compiled, device) is { } difference && Kind(difference) == kind ? difference : null;

    // An exception stays an exception of its kind; otherwise a shorter text could fail for a reason of its own.
    static string Kind(string difference) => difference.Contains("Exception: ", StringComparison.Ordinal) ? difference[..difference.IndexOf(':')] : "";
}
