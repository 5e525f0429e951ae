namespace IlgpuXai.Kernels;

/// <summary>What a mistyped name was probably meant to be.</summary>
public static class NearestName
{
    /// <summary>The known name with the fewest edits from <paramref name="typed"/>, the first of equals; null if more than a third of it, and more than one letter, is wrong.</summary>
    public static string? Of(string typed, IEnumerable<string> known)
    {
        var (nearest, fewest) = ((string?)null, Math.Max(1, typed.Length / 3) + 1);
        foreach (string name in known)
        {
            int edits = Edits(typed, name);
            if (edits < fewest) (nearest, fewest) = (name, edits);
        }
        return nearest;
    }

    /// <summary><c>unknown device 'smit': did you mean 'simt'?</c></summary>
    public static string Unknown(string kind, string typed, IReadOnlyList<string> known) => $"unknown {kind} '{typed}': {Hint(typed, known)}";

    /// <summary><c>did you mean 'simt'?</c> where a known name is near, else <c>known are cpu, simt</c>.</summary>
    public static string Hint(string typed, IReadOnlyList<string> known) =>
        Of(typed, known) is { } nearest ? $"did you mean '{nearest}'?" : $"known are {string.Join(", ", known)}";

    /// <summary>Letters inserted, deleted, replaced, or swapped with their neighbour, without regard to case (optimal string alignment).</summary>
    public static int Edits(string a, string b)
    {
        (a, b) = (a.ToLowerInvariant(), b.ToLowerInvariant());
        int[,] edits = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    edits[i, j] = i + j;
                    continue;
                }
                int best = Math.Min(Math.Min(edits[i - 1, j], edits[i, j - 1]) + 1, edits[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) best = Math.Min(best, edits[i - 2, j - 2] + 1);
                edits[i, j] = best;
            }
        return edits[a.Length, b.Length];
    }
}
