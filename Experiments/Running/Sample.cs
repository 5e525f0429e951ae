using IlgpuXai.Data;

namespace IlgpuXai.Experiments;

/// <summary>Which images a run explains.</summary>
static class Sample
{
    /// <summary>Up to <paramref name="count"/> images of the group that are classified correctly, drawn without replacement by (seed, label), in ascending order.</summary>
    /// <exception cref="UserException">Fewer than two are classified correctly: nothing can be tested.</exception>
    public static SampleOutcome Draw(GroupPreset group, ImageSet images, Classification classified, int count, ulong seed)
    {
        int[] all = images.IndicesOf(group.Label), correct = [.. all.Where(i => classified.Predicted[i] == group.Label)];
        if (correct.Length < 2) throw new UserException($"group {group.Name}: the network classifies {correct.Length} of its {all.Length} test images correctly; a test needs at least 2");
        int[] order = [.. correct];
        new SeededRandom(seed, (ulong)group.Label).Shuffle(order.AsSpan());
        return new(group.Name, group.Label, all.Length, correct.Length, [.. order.Take(count).Order()]);
    }
}
