namespace IlgpuXai.Experiments;

/// <summary>Something the user can put right. The message is one line, fit to be shown as it stands.</summary>
public class UserException : Exception
{
    public UserException(string message, Exception? inner = null) : base(message.ReplaceLineEndings(" "), inner) { }
}

/// <summary>An argument that cannot be meant: out of its range, or in contradiction to another.</summary>
public class UsageException : UserException
{
    public UsageException(string message, Exception? inner = null) : base(message, inner) { }
}

/// <summary>A word on the command line that names nothing; the message holds the nearest name or all of them.</summary>
public sealed class UnknownNameException(string kind, string name, IReadOnlyList<string> known)
    : UsageException($"unknown {kind} '{name}': {Nearest.Hint(name, known)}");

/// <summary>Words that were probably meant.</summary>
public static class Nearest
{
    /// <summary><c>did you mean 'x'?</c> where a known name is close, else all known names.</summary>
    public static string Hint(string name, IReadOnlyList<string> known)
    {
        var (best, distance) = known.Select(k => (k, Distance(name.ToLowerInvariant(), k.ToLowerInvariant()))).MinBy(p => p.Item2);
        return best is not null && distance <= Math.Max(2, best.Length / 3) ? $"did you mean '{best}'?" : $"known are {string.Join(", ", known)}";
    }

    /// <summary>Levenshtein, 1966: the fewest insertions, deletions and replacements of a letter that turn a into b.</summary>
    static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(cost, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
