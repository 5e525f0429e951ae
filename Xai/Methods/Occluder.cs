using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Xai;

/// <summary>Occlusion of many images on one classifier: how many positions share a forward pass is found on the first and kept for the rest.</summary>
/// <remarks>The maps are the same bits for any memory budget: each row of a batch is computed independently of the others.</remarks>
public sealed class Occluder
{
    public const long DefaultMemoryBudget = 512L << 20;

    readonly Occlusion _method;
    readonly ImageClassifier _f;
    readonly Device _device;
    readonly long _memoryBudget;
    Shape? _foundFor;

    /// <param name="memoryBudget">The most device memory a forward pass may take beyond what is in use already, bytes. One position is computed even where that takes more.</param>
    public Occluder(Occlusion method, ImageClassifier f, Device device, long memoryBudget = DefaultMemoryBudget)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(memoryBudget);
        (_method, _f, _device, _memoryBudget) = (method, f, device, memoryBudget);
    }

    /// <summary>Positions per forward pass; 0 before the first image.</summary>
    public int BatchSize { get; private set; }

    /// <param name="x">One image, [1, C, H, W].</param>
    /// <param name="target">The class whose score is explained.</param>
    /// <exception cref="ShapeException">Not one image, or a window or stride that does not fit it.</exception>
    /// <exception cref="OutOfDeviceMemoryException">Not even one position fits the device.</exception>
    public OcclusionMaps Explain(Tensor x, int target)
    {
        ArgumentNullException.ThrowIfNull(x);
        if (x.Shape.Rank != 4 || x.Shape[0] != 1) throw new ShapeException($"occlusion: one image [1, C, H, W] was expected, got {x.Shape}");
        var s = new OccludeShape(x.Shape[1], x.Shape[2], x.Shape[3], _method.WindowH, _method.WindowW, _method.StrideH, _method.StrideW);

        using var scope = _device.Scope();
        var baseline = _device.Tensor(x.Shape, _method.Baseline.For(x.ToArray(), s.C, s.H, s.W));
        float[] clean = Logits(x);
        if ((uint)target >= (uint)clean.Length) throw new ArgumentOutOfRangeException(nameof(target), $"occlusion: class {target} is not one of the classifier's {clean.Length}");
        var cleanScores = Scores.Of(clean, target);
        FindBatchSize(x, baseline, s);

        float[] logitDrops = new float[s.Positions], probabilityDrops = new float[s.Positions];
        for (int first = 0; first < s.Positions;)
        {
            int count = Math.Min(BatchSize, s.Positions - first);
            if (TryLogits(x, baseline, first, count, s) is not { } logits) continue;         // again, with half the batch
            for (int i = 0; i < count; i++)
            {
                var scores = Scores.Of(logits.AsSpan(i * clean.Length, clean.Length), target);
                logitDrops[first + i] = (float)(cleanScores.Logit - scores.Logit);
                probabilityDrops[first + i] = (float)(cleanScores.Probability - scores.Probability);
            }
            first += count;
        }
        return new(Average(logitDrops, s), Average(probabilityDrops, s));
    }

    // Bytes grow with the batch as fixed + count · each. Both are read off two small batches rather than derived from the layers.
    void FindBatchSize(Tensor x, Tensor baseline, OccludeShape s)
    {
        if (_foundFor == x.Shape) return;
        const int few = 1, more = 5;
        BatchSize = 1;
        if (s.Positions > more)
        {
            long least = PeakOf(x, baseline, few, s), larger = PeakOf(x, baseline, more, s);
            long each = Math.Max(1, (larger - least + more - few - 1) / (more - few)), room = _memoryBudget - (least - few * each);
            BatchSize = (int)Math.Clamp(room / each, 1, s.Positions);
        }
        _foundFor = x.Shape;
    }

    long PeakOf(Tensor x, Tensor baseline, int count, OccludeShape s)
    {
        _device.ResetPeak();
        long before = _device.LiveBytes;
        Logits(x, baseline, 0, count, s);
        return _device.PeakBytes - before;
    }

    float[]? TryLogits(Tensor x, Tensor baseline, int first, int count, OccludeShape s)
    {
        try
        {
            return Logits(x, baseline, first, count, s);
        }
        catch (OutOfDeviceMemoryException) when (count > 1)
        {
            BatchSize = count / 2;
            _device.Trim();
            return null;
        }
    }

    float[] Logits(Tensor x, Tensor baseline, int first, int count, OccludeShape s)
    {
        using var scope = _device.Scope();
        return Logits(_device.Compute([count, s.C, s.H, s.W], batch => _device.Occlude.Paint(x.View, baseline.View, batch, first, count, s)));
    }

    float[] Logits(Tensor x)
    {
        using var scope = _device.Scope();
        return x.Then(_f).ToArray();
    }

    Map Average(float[] drops, OccludeShape s)
    {
        using var scope = _device.Scope();
        var positions = _device.Tensor([s.Positions], drops);
        return new(s.H, s.W, _device.Compute([s.H, s.W], map => _device.Occlude.Average(positions.View, map, s)).ToArray());
    }
}
