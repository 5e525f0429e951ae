using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Xai;

/// <summary>Occlusion of many images on one classifier: how many positions share a forward pass is found on the first and kept for the rest.</summary>
/// <remarks>The maps are the same bits for any memory budget. A classifier with plans is asked for what a window changes, and no more: <see cref="VariantPlan"/>.</remarks>
public sealed class Occluder
{
    public const long DefaultMemoryBudget = VariantScores.DefaultMemoryBudget;

    readonly Occlusion _method;
    readonly ImageClassifier _f;
    readonly Device _device;
    readonly VariantScores _scores;
    readonly PassBatches _images;

    /// <param name="memoryBudget">The most device memory a forward pass may take beyond what is in use already, bytes. One position is computed even where that takes more.</param>
    public Occluder(Occlusion method, ImageClassifier f, Device device, long memoryBudget = DefaultMemoryBudget)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(memoryBudget);
        (_method, _f, _device, _scores, _images) = (method, f, device, new(f, device, memoryBudget, method.Reach), PassBatches.For(f, device, memoryBudget));
    }

    /// <summary>Positions per forward pass; 0 before the first image.</summary>
    public int BatchSize => _scores.BatchSize;

    /// <param name="x">One image, [1, C, H, W].</param>
    /// <param name="target">The class whose score is explained.</param>
    /// <exception cref="ShapeException">Not one image, or a window or stride that does not fit it.</exception>
    /// <exception cref="OutOfDeviceMemoryException">Not even one position fits the device.</exception>
    public OcclusionMaps Explain(Tensor x, int target)
    {
        OcclusionMaps? one = null;
        Explain(x, [target], (_, found) => one = found);
        return one!;
    }

    /// <summary>The same of images [N, C, H, W], bit for bit: the positions of several fill passes together where those of one do not.</summary>
    /// <param name="targets">Of each image.</param>
    /// <param name="found">Takes number and maps of an image, in order, as soon as they are there.</param>
    public void Explain(Tensor x, IReadOnlyList<int> targets, Action<int, OcclusionMaps> found)
    {
        Gradient.Check("occlusion", _f, x, targets);
        ArgumentNullException.ThrowIfNull(found);
        _images.Each(x.Shape[1..], targets.Count, (first, count) => Some(x.Slice(0, first, count), [.. targets.Skip(first).Take(count)]), found);
    }

    OcclusionMaps[] Some(Tensor x, int[] targets)
    {
        var s = new OccludeShape(x.Shape[1], x.Shape[2], x.Shape[3], _method.WindowH, _method.WindowW, _method.StrideH, _method.StrideW);
        return Array.ConvertAll(_scores.Of(x, targets, new CoveredWindows(x, _method.Baseline.For(x), s)), scored =>
        {
            return new OcclusionMaps(Drops(ClassScore.Logit), Drops(ClassScore.Probability), s.Positions + 1, scored.Error);

            Map Drops(ClassScore score) => Average(Array.ConvertAll(scored.Variants, c => (float)(scored.Image[score] - c[score])), s);
        });
    }

    Map Average(float[] drops, OccludeShape s)
    {
        var positions = _device.Tensor([s.Positions], drops);
        return new(s.H, s.W, _device.Compute([s.H, s.W], map => _device.Occlude.Average(positions.View, map, s)).ToArray());
    }
}
