using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Xai;

/// <summary>
/// The gradient averaged on the straight path from a baseline x′ to the image x:
/// channels[c] = (x_c − x′_c)·∫₀¹ ∂s/∂x_c (x′ + α(x − x′)) dα, map = Σ_c. Its sum over all pixels is s(x) − s(x′).
/// </summary>
/// <remarks>
/// Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks", 2017, equation 1. The integral is a sum over <paramref name="Steps"/> places;
/// <see cref="Attribution.Residual"/> says what it misses of completeness. With a <paramref name="Tolerance"/> the steps are doubled until
/// |residual| ≤ Tolerance, at most <see cref="MostSteps"/>. On plans the first layer runs twice and backward once, for all steps: <see cref="LinePlan"/>. The map is the same bits for any memory budget.
/// </remarks>
/// <param name="Baseline">x′, in the numbers that the network takes.</param>
/// <param name="Steps">Gradients, each a forward and a backward pass.</param>
/// <param name="Tolerance">In units of the score; null takes the steps as they are.</param>
/// <param name="MemoryBudget">The most device memory a pass may take beyond what is in use already, bytes.</param>
public sealed record IntegratedGradients(
    Baseline Baseline, int Steps = 50, PathRule Rule = PathRule.GaussLegendre, double? Tolerance = null, ClassScore Score = ClassScore.Logit, long MemoryBudget = IntegratedGradients.DefaultMemoryBudget) : IAttribution
{
    public const long DefaultMemoryBudget = 1L << 30;

    // On plans larger batches gain nothing.
    const long PlannedBudget = 256L << 20;

    /// <summary>Where refinement ends.</summary>
    public const int MostSteps = 3200;

    public Attribution Explain(ImageClassifier f, Tensor x, int target)
    {
        Gradient.Check("integrated gradients", f, x, target);
        using var scope = x.Device.Scope();
        var baseline = Baseline.For(x);
        double change = ScoreOf(f, x, target) - ScoreOf(f, baseline, target);
        var batches = new PassBatches(x.Device, f is PlannedClassifier ? Math.Min(MemoryBudget, PlannedBudget) : MemoryBudget);
        for (int steps = Steps, passes = 2 + Steps; ; steps = Math.Min(2 * steps, MostSteps), passes += steps)
        {
            var products = (x - baseline) * MeanGradient(f, x, baseline, target, steps, batches);
            var found = Gradient.PerImage(products, channels => new(Map.SumOf(channels), channels, passes, channels.Sum(c => c.Sum()) - change))[0];
            if (Tolerance is not { } bound || Math.Abs(found.Residual!.Value) <= bound || steps >= MostSteps) return found;
        }
    }

    double ScoreOf(ImageClassifier f, Tensor x, int target)
    {
        using var scope = x.Device.Scope();
        return Scores.Of(f.Forward(x).ToArray(), target)[Score];
    }

    Tensor MeanGradient(ImageClassifier f, Tensor x, Tensor baseline, int target, int steps, PassBatches batches)
    {
        var (device, (alphas, weights)) = (x.Device, Rule.Nodes(steps));
        using var line = (f as PlannedClassifier)?.For(x.Shape[2], x.Shape[3])?.Between(baseline, x);
        if (line is not null)
        {
            batches.Run(x.Shape, steps, (first, count) =>
            {
                using var pass = line.Features(Floats(alphas.AsSpan(first, count)));
                var features = pass.Features.Leaf();
                pass.Add(Gradient.Of(f.Head(features), Targets(count), Score, features), Floats(weights.AsSpan(first, count)));
                return true;
            }, (_, _) => { });
            return line.Gradient();
        }
        var sum = device.Zeros(x.Shape);
        batches.Run(x.Shape, steps,
            (first, count) => Gradient.AtInput(f, Points(first, count), Targets(count), Score),
            // The sum so far goes first, with weight 1: the order of additions does not depend on the batches.
            (first, gradients) => device.Path.WeightedSum(Tensor.Concat(0, sum, gradients).View, Numbers([1, .. weights.AsSpan(first, gradients.Shape[0])]).View, sum.View));
        return sum;

        int[] Targets(int count) => [.. Enumerable.Repeat(target, count)];

        Tensor Points(int first, int count) =>
            device.Compute(x.Shape.With(0, count), p => device.Path.Interpolate(x.View, baseline.View, Numbers(alphas.AsSpan(first, count)).View, p, count));

        Tensor Numbers(ReadOnlySpan<double> values) => device.Tensor([values.Length], Floats(values));

        static float[] Floats(ReadOnlySpan<double> values)
        {
            var floats = new float[values.Length];
            for (int i = 0; i < floats.Length; i++) floats[i] = (float)values[i];
            return floats;
        }
    }
}
