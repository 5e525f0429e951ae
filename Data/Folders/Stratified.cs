namespace IlgpuXai.Data;

/// <summary>Three disjoint parts of a data set, each indices in ascending order.</summary>
public sealed record Partition(int[] Training, int[] Validation, int[] Test);

/// <summary>Parts of a data set with the classes in equal proportion. Which example goes where depends on the labels and the seed only.</summary>
public static class Stratified
{
    // Purposes: a split and folds of one seed have nothing in common.
    const ulong SplitStream = 1, FoldStream = 2;

    /// <summary>
    /// A share of every class for validation and for test, the rest for training: each example of a class goes to the part that lacks most of its share, what classes before it lack included. So the
    /// parts of the whole set are within one example of their share, too, and a share of 0 gets none.
    /// </summary>
    /// <param name="labels">One per example; equal labels are a class, whatever their value.</param>
    public static Partition Split(ReadOnlySpan<int> labels, double validation, double test, ulong seed)
    {
        if (!(validation >= 0 && test >= 0 && validation + test <= 1))
            throw new ArgumentException($"split: {validation} for validation and {test} for test are no shares of a whole");
        double[] shares = [1 - validation - test, validation, test], lacking = [0, 0, 0];
        List<int>[] parts = [[], [], []];
        foreach (int[] members in Classes(labels, seed, SplitStream))
        {
            for (int k = 0; k < parts.Length; k++) lacking[k] += members.Length * shares[k];
            foreach (int i in members)
            {
                int most = Array.IndexOf(lacking, lacking.Max());
                parts[most].Add(i);
                lacking[most]--;
            }
        }
        return new(Sorted(parts[0]), Sorted(parts[1]), Sorted(parts[2]));
    }

    /// <summary>The test part of each of <paramref name="count"/> folds: every example in exactly one, sizes within one example, those of a class too.</summary>
    public static int[][] Folds(ReadOnlySpan<int> labels, int count, ulong seed)
    {
        if (count < 2 || count > labels.Length) throw new ArgumentException($"folds: {count} of {labels.Length} examples; between 2 and the number of examples were expected");
        var folds = new List<int>[count];
        for (int f = 0; f < count; f++) folds[f] = [];
        int next = 0;
        foreach (int[] members in Classes(labels, seed, FoldStream))
            foreach (int i in members) folds[next++ % count].Add(i);
        return Array.ConvertAll(folds, Sorted);
    }

    static IEnumerable<int[]> Classes(ReadOnlySpan<int> labels, ulong seed, ulong stream)
    {
        var classes = new SortedDictionary<int, List<int>>();
        for (int i = 0; i < labels.Length; i++)
        {
            if (!classes.TryGetValue(labels[i], out var members)) classes[labels[i]] = members = [];
            members.Add(i);
        }
        return classes.Select(c =>
        {
            int[] members = [.. c.Value];
            new SeededRandom(seed, stream, (ulong)c.Key).Shuffle(members.AsSpan());
            return members;
        });
    }

    static int[] Sorted(List<int> indices) => [.. indices.Order()];
}
