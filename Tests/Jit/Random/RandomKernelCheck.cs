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
sealed class RandomKernelCheck(Func<GpuDevice> open, CompilerSettings settings)
{
    const int Batch = 50;
    static readonly TimeSpan s_shrinking = TimeSpan.FromSeconds(30);

    /// <summary>The kernels of the seeds on which device and host differ, the first of them made as short as it goes.</summary>
    /// <param name="most">Stop after so many.</param>
    public List<Disagreement> Run(IEnumerable<int> seeds, int most = 1)
    {
        var found = new List<Disagreement>();
        using var device = open();
        foreach (var batch in seeds.Chunk(Batch))
        {
            var kernels = batch.Select(RandomKernel.Make).ToList();
            foreach (var compiled in KernelCompiler.Compile(kernels, settings, error => throw new InvalidOperationException(error))!)
            {
                if (KernelRun.Difference(compiled, device) is not { } difference) continue;
                found.Add(new(compiled.Kernel, difference));
                if (found.Count == most) return [Shrunk(found[0]), .. found[1..]];
            }
        }
        return found.Count == 0 ? found : [Shrunk(found[0]), .. found[1..]];
    }

    /// <summary>Leaves out statements and simplifies expressions as long as the difference stays.</summary>
    public Disagreement Shrunk(Disagreement from) => Shrunk(from, kernel =>
    {
        using var device = open();
        return KernelRun.Difference(kernel, device) is { } difference && Kind(difference) == Kind(from.Difference) ? difference : null;
    });

    /// <param name="fails">What is wrong with a kernel; null if nothing is.</param>
    public Disagreement Shrunk(Disagreement from, Func<CompiledKernel, string?> fails)
    {
        var clock = Stopwatch.StartNew();
        var best = from;
        for (bool smaller = true; smaller;)
        {
            smaller = false;
            foreach (var code in Shrinking.Candidates(best.Kernel.Code))
            {
                if (clock.Elapsed > s_shrinking) return best;
                var kernel = best.Kernel with { Code = code };
                if (KernelCompiler.Compile([kernel], settings) is not [var compiled] || fails(compiled) is not { } difference) continue;
                best = new(kernel, difference);
                smaller = true;
                break;
            }
        }
        return best;
    }

    // An exception stays an exception of its kind; otherwise a shorter text could fail for a reason of its own.
    static string Kind(string difference) => difference.Contains("Exception: ", StringComparison.Ordinal) ? difference[..difference.IndexOf(':')] : "";
}
