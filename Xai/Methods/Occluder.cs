using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Xai;

/// <summary>Occlusion of many images on one classifier: how many positions share a forward pass is found on the first and kept for the rest.</summary>
/// <remarks>
/// The maps are the same bits for any memory budget: each row of a batch is computed independently of the others.
/// A classifier with plans is asked for what a window changes, and no more: <see cref="IncrementalPlan"/>.
/// </remarks>
public sealed class Occluder
{
    public const long DefaultMemoryBudget = 512L << 20;

    // Rectangles of more variants than fit this gain nothing.
    const long IncrementalBudget = 128L << 20;

    readonly Occlusion _method;
    readonly ImageClassifier _f;
    readonly Device _device;
    readonly PassBatches _batches;

    /// <param name="memoryBudget">The most device memory a forward pass may take beyond what is in use already, bytes. One position is computed even where that takes more.</param>
    public Occluder(Occlusion method, ImageClassifier f, Device device, long memoryBudget = DefaultMemoryBudget)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(memoryBudget);
        (_method, _f, _device, _batches) = (method, f, device, new(device, f is PlannedClassifier ? Math.Min(memoryBudget, IncrementalBudget) : memoryBudget));
    }

    /// <summary>Positions per forward pass; 0 before the first image.</summary>
    public int BatchSize => _batches.Size;

    /// <param name="x">One image, [1, C, H, W].</param>
    /// <param name="target">The class whose score is explained.</param>
    /// <exception cref="ShapeException">Not one image, or a window or stride that does not fit it.</exception>
    /// <exception cref="OutOfDeviceMemoryException">Not even one position fits the device.</exception>
    public OcclusionMaps Explain(Tensor x, int target)
    {
        Gradient.Check("occlusion", _f, x, target);
        var s = new OccludeShape(x.Shape[1], x.Shape[2], x.Shape[3], _method.WindowH, _method.WindowW, _method.StrideH, _method.StrideW);

        using var scope = _device.Scope();
        float[] image = x.ToArray(), covering = _method.Baseline.For(image, s.C, s.H, s.W);
        using var around = (_f as PlannedClassifier)?.For(s.H, s.W)?.Around(x, new CoveredWindows(image, covering, s));
        var baseline = _device.Tensor(x.Shape, covering);
        var clean = Scores.Of((around is null ? x.Then(_f) : _f.Head(around.Features())).ToArray(), target);
        float[] logitDrops = new float[s.Positions], probabilityDrops = new float[s.Positions];
        _batches.Run(x.Shape, s.Positions, Logits, (first, logits) =>
        {
            for (int i = 0; i < logits.Length / _f.Classes; i++)
            {
                var scores = Scores.Of(logits.AsSpan(i * _f.Classes, _f.Classes), target);
                logitDrops[first + i] = (float)(clean.Logit - scores.Logit);
                probabilityDrops[first + i] = (float)(clean.Probability - scores.Probability);
            }
        });
        return new(Average(logitDrops, s), Average(probabilityDrops, s), s.Positions + 1);

        float[] Logits(int first, int count) => (around is not null ? _f.Head(around.Features(first, count))
            : _device.Compute([count, s.C, s.H, s.W], batch => _device.Occlude.Paint(x.View, baseline.View, batch, first, count, s)).Then(_f)).ToArray();
    }

    Map Average(float[] drops, OccludeShape s)
    {
        var positions = _device.Tensor([s.Positions], drops);
        return new(s.H, s.W, _device.Compute([s.H, s.W], map => _device.Occlude.Average(positions.View, map, s)).ToArray());
    }
}
