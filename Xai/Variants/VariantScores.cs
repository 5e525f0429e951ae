using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Xai;

/// <summary>Scores of many variants of an image: how many share a forward pass is found on the first image and kept for the rest.</summary>
/// <remarks>
/// The scores are the same bits for any memory budget: each row of a batch is computed independently of the others.
/// A classifier with plans is asked for what a local change reaches, and no more: <see cref="VariantPlan"/>.
/// </remarks>
/// <param name="memoryBudget">The most device memory a forward pass may take beyond what is in use already, bytes. One variant is computed even where that takes more.</param>
/// <param name="reach">Below 1, local changes on plans are approximated: <see cref="IncrementalPlan.Of"/>.</param>
sealed class VariantScores(ImageClassifier f, Device device, long memoryBudget = VariantScores.DefaultMemoryBudget, double reach = 1)
{
    public const long DefaultMemoryBudget = 512L << 20;

    // On plans larger batches gain nothing.
    const long PlannedBudget = 64L << 20;

    // Variants that an approximation is compared at.
    const int Checked = 16;

    readonly PassBatches _batches = new(device, f is PlannedClassifier ? Math.Min(memoryBudget, PlannedBudget) : memoryBudget);

    /// <summary>Where reach is below 1, the largest error of the variants of the last image that were also computed exactly, by score; else 0.</summary>
    public Scores Error { get; private set; }

    /// <summary>Variants of the last image per forward pass; 0 before the first.</summary>
    public int BatchSize => _batches.Size;

    /// <param name="x">[1, C, H, W].</param>
    public (Scores Image, Scores[] Variants) Of(Tensor x, int target, Variants variants)
    {
        using var scope = device.Scope();
        var scores = new Scores[variants.Count];
        using var around = variants is ILocalVariants ? (f as PlannedClassifier)?.For(x.Shape[2], x.Shape[3])?.Around(x) : null;
        if (around is null || variants is not ILocalVariants local)
        {
            Run(x.Shape, [.. Enumerable.Range(0, scores.Length)], (first, count) => variants.Images(first, count).Then(f));
            return (One(x.Then(f)), scores);
        }
        // The largest of each power of two come first and say how many fit.
        foreach (var plan in around.Groups(local, reach).OrderByDescending(p => p.ShareOfFlops))
            Run((x.Shape, Math.ILogB(plan.ShareOfFlops)), plan.Members, (first, count) => f.Head(plan.Features(first, count)));
        if (reach < 1) Error = Errors(around, local, scores, target);
        return (One(f.Head(around.Features())), scores);

        Scores One(Tensor logits) => Scores.Of(logits.ToArray(), target);

        void Run(object kind, IReadOnlyList<int> members, Func<int, int, Tensor> pass) => _batches.Run(kind, members.Count, (first, count) => pass(first, count).ToArray(), (first, logits) =>
        {
            for (int i = 0; i < logits.Length / f.Classes; i++) scores[members[first + i]] = Scores.Of(logits.AsSpan(i * f.Classes, f.Classes), target);
        });
    }

    Scores Errors(IncrementalPlan around, ILocalVariants local, Scores[] found, int target)
    {
        int[] some = [.. Enumerable.Range(0, Math.Min(Checked, found.Length)).Select(i => (int)((long)found.Length * i / Math.Min(Checked, found.Length)))];
        double logit = 0, probability = 0;
        var exact = around.Of(local, some);
        for (int i = 0; i < some.Length; i++)
        {
            using var scope = device.Scope();
            var (a, b) = (found[some[i]], Scores.Of(f.Head(exact.Features(i, 1)).ToArray(), target));
            (logit, probability) = (Math.Max(logit, Math.Abs(a.Logit - b.Logit)), Math.Max(probability, Math.Abs(a.Probability - b.Probability)));
        }
        return new(logit, probability);
    }
}
