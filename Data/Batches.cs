namespace IlgpuXai.Data;

/// <summary>
/// The order in which a training run sees its examples. Epoch e of seed s is the Fisher–Yates shuffle of 0 … count − 1 by <see cref="SeededRandom"/>(s, e), so the order depends on
/// the seed and the epoch only: any (epoch, batch) can be reached without replaying what came before, on any machine.
/// </summary>
public sealed class Batches
{
    readonly ulong? _seed;

    /// <param name="count">Number of examples, 0 allowed.</param>
    /// <param name="size">Examples per batch.</param>
    /// <param name="seed">Null for ascending order in every epoch.</param>
    /// <param name="dropLast">Leaves out a last batch smaller than <paramref name="size"/>.</param>
    public Batches(int count, int size, ulong? seed = null, bool dropLast = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(size);
        (Examples, Size, _seed) = (count, size, seed);
        Count = dropLast ? count / size : (int)(((long)count + size - 1) / size);
    }

    public int Examples { get; }
    public int Size { get; }

    /// <summary>Batches per epoch.</summary>
    public int Count { get; }

    /// <summary>The order of the whole epoch, also of examples that a dropped last batch leaves out.</summary>
    public int[] Order(int epoch)
    {
        var order = new int[Examples];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        if (_seed is { } seed) new SeededRandom(seed, (ulong)epoch).Shuffle(order.AsSpan());
        return order;
    }

    /// <summary>The batches of one epoch from <paramref name="first"/> on, each the indices of its examples. <paramref name="first"/> = <see cref="Count"/> gives none.</summary>
    public IEnumerable<ReadOnlyMemory<int>> Epoch(int epoch, int first = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, Count);
        return Cut(Order(epoch), first);
    }

    IEnumerable<ReadOnlyMemory<int>> Cut(int[] order, int first)
    {
        for (int b = first; b < Count; b++)
            yield return order.AsMemory(b * Size, Math.Min(Size, Examples - b * Size));
    }
}
