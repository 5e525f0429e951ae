using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Xai;

/// <summary>Scores of many variants of images: how many share a forward pass is found on the first image and kept for the rest.</summary>
/// <remarks>
/// The scores are the same bits for any memory budget and any company: each row of a batch is computed independently of the others.
/// A classifier with plans is asked for what a local change reaches, and no more: <see cref="VariantPlan"/>.
/// </remarks>
/// <param name="memoryBudget">The most device memory a forward pass may take beyond what is in use already, bytes. One variant is computed even where that takes more.</param>
/// <param name="reach">Below 1, local changes on plans are approximated: <see cref="IncrementalPlan.Of"/>.</param>
sealed class VariantScores(ImageClassifier f, Device device, long memoryBudget = VariantScores.DefaultMemoryBudget, double reach = 1)
{
    public const long DefaultMemoryBudget = 512L << 20;

    // Variants that an approximation is compared at.
    const int Checked = 16;

    readonly PassBatches _batches = PassBatches.For(f, device, memoryBudget);

    /// <summary>Variants of the last images per forward pass; 0 before the first.</summary>
    public int BatchSize => _batches.Size;

    /// <param name="x">[1, C, H, W].</param>
    public ScoredVariants Of(Tensor x, int target, Variants variants) => Of(x, [target], variants)[0];

    /// <param name="x">[N, C, H, W].</param>
    /// <param name="targets">Of each image.</param>
    public ScoredVariants[] Of(Tensor x, int[] targets, Variants variants)
    {
        using var scope = device.Scope();
        var scores = Array.ConvertAll(targets, _ => new Scores[variants.Count]);
        using var around = variants is ILocalVariants ? (f as PlannedClassifier)?.For(x.Shape[2], x.Shape[3])?.Around(x) : null;
        if (around is null || variants is not ILocalVariants local)
        {
            Fill([.. Enumerable.Range(0, variants.Count)], Rows(x.Shape[1..], targets, variants.Count, (first, count) => variants.Images(first, count).Then(f)));
            return Found(x.Then(f), null);
        }
        // The largest of each power of two come first and say how many fit.
        foreach (var plan in around.Groups(local, reach).OrderByDescending(p => p.ShareOfFlops))
            Fill(plan.Members, Rows((x.Shape[1..], Math.ILogB(plan.ShareOfFlops)), targets, plan.Members.Count, (first, count) => f.Head(plan.Features(first, count))));
        return Found(f.Head(around.Features()), reach < 1 ? Errors(around, local, targets, scores) : null);

        void Fill(IReadOnlyList<int> members, Scores[] rows)
        {
            for (int r = 0; r < rows.Length; r++) scores[r / members.Count][members[r % members.Count]] = rows[r];
        }

        ScoredVariants[] Found(Tensor logits, Scores[]? errors) => [.. Read(logits, targets).Select((s, i) => new ScoredVariants(s, scores[i], errors?[i]))];
    }

    /// <summary>Scores of rows of logits [count, Classes] from a first one on, as many for each target, the rows of one target one after the other. They stay on the device until the last is there.</summary>
    public Scores[] Rows(object kind, int[] targets, int each, Func<int, int, Tensor> logits)
    {
        int rows = targets.Length * each;
        using var labels = Labels([.. Enumerable.Range(0, rows).Select(r => targets[r / each])]);
        using var found = device.Empty([rows, 2]);
        _batches.Run(kind, rows, logits, (first, z) => device.Softmax.Odds(z.View, labels.View.SubView(first, z.Shape[0]), found.View.SubView(2L * first, 2L * z.Shape[0]), new(z.Shape[0], f.Classes)));
        return Scores.Of(found.ToArray());
    }

    /// <summary>Scores of logits [N, Classes].</summary>
    public Scores[] Read(Tensor logits, int[] targets)
    {
        using var labels = Labels(targets);
        using var found = device.Compute([targets.Length, 2], to => device.Softmax.Odds(logits.View, labels.View, to, new(targets.Length, f.Classes)));
        return Scores.Of(found.ToArray());
    }

    DeviceBuffer<int> Labels(int[] targets)
    {
        var labels = device.Allocate<int>(targets.Length);
        device.Upload<int>(targets, labels.View);
        return labels;
    }

    // The largest at variants spread evenly, by score, of each image.
    Scores[] Errors(IncrementalPlan around, ILocalVariants local, int[] targets, Scores[][] found)
    {
        int count = Math.Min(Checked, local.Count);
        int[] some = [.. Enumerable.Range(0, count).Select(i => (int)((long)local.Count * i / count))];
        var exact = around.Of(local, some);
        var errors = new Scores[targets.Length];
        for (int r = 0; r < exact.Count; r++)
        {
            using var scope = device.Scope();
            int image = r / count;
            var (a, b, e) = (found[image][some[r % count]], Read(f.Head(exact.Features(r, 1)), [targets[image]])[0], errors[image]);
            errors[image] = new(Math.Max(e.Logit, Math.Abs(a.Logit - b.Logit)), Math.Max(e.Probability, Math.Abs(a.Probability - b.Probability)));
        }
        return errors;
    }
}

/// <summary>Scores of an image and of its variants.</summary>
/// <param name="Error">Where they are approximated, the largest error that was found, by score.</param>
readonly record struct ScoredVariants(Scores Image, Scores[] Variants, Scores? Error = null)
{
    public void Deconstruct(out Scores image, out Scores[] variants) => (image, variants) = (Image, Variants);
}
