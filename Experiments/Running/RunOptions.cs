using IlgpuXai.Xai;

namespace IlgpuXai.Experiments;

/// <summary>What a user changes about a preset, and where the results go. Null: as the preset says.</summary>
public sealed record RunOptions
{
    /// <summary>Where report, results, scores and maps are written.</summary>
    public required string Out { get; init; }

    /// <summary>A folder with MNIST's IDX files; null for generated digits.</summary>
    public string? Data { get; init; }

    public int? Images { get; init; }
    public int? Window { get; init; }
    public int? Stride { get; init; }
    public string? Baseline { get; init; }
    public ulong? Seed { get; init; }

    /// <summary>A file of weights instead of the preset's.</summary>
    public string? Weights { get; init; }

    /// <summary>Train a network for this run instead of loading weights.</summary>
    public bool Train { get; init; }

    public int? Epochs { get; init; }

    /// <summary>Continue the run that was interrupted in <see cref="Out"/>.</summary>
    public bool Resume { get; init; }

    /// <summary>Replace an earlier run in <see cref="Out"/>.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Device memory one forward pass of the explanation may take, bytes.</summary>
    public long MemoryBudget { get; init; } = Occluder.DefaultMemoryBudget;

    /// <summary>How the program was called, for the report.</summary>
    public string CommandLine { get; init; } = "";

    /// <summary>The preset with these changes.</summary>
    /// <exception cref="UsageException">A number out of its range.</exception>
    public Preset Apply(Preset preset)
    {
        ArgumentNullException.ThrowIfNull(preset);
        var changed = preset with
        {
            ImagesPerGroup = Images ?? preset.ImagesPerGroup,
            Seed = Seed ?? preset.Seed,
            Training = preset.Training with { Epochs = Epochs ?? preset.Training.Epochs },
            Method = preset.Method with { Window = Window ?? preset.Method.Window, Stride = Stride ?? preset.Method.Stride, Baseline = Baseline ?? preset.Method.Baseline },
        };
        if (changed.ImagesPerGroup < 2) throw new UsageException($"--images {changed.ImagesPerGroup}: a test needs at least 2 images per group");
        if (changed.Training.Epochs < 1) throw new UsageException($"--epochs {changed.Training.Epochs}: training needs at least 1 epoch");
        return changed;
    }
}
