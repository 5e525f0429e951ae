using System.Text.RegularExpressions;

namespace IlgpuXai.Engine;

/// <summary>What a file calls its arrays, as a module calls them.</summary>
/// <remarks>
/// Wrappers put a word before every name: <c>module.</c> (data parallel), <c>_orig_mod.</c> (torch.compile), <c>model.</c> (training frameworks). DenseNets before torchvision 0.3 had dots
/// in the names of their layers: <c>denselayer1.norm.1.weight</c> is <c>denselayer1.norm1.weight</c> now.
/// </remarks>
public static partial class StateNames
{
    static readonly string[] s_wrappers = ["module.", "_orig_mod.", "model."];

    /// <summary>PyTorch's counters of batches take part in no computation.</summary>
    public static bool IsCounter(string name) => name == "num_batches_tracked" || name.EndsWith(".num_batches_tracked", StringComparison.Ordinal);

    /// <summary>The stored name of each, by the name it should have.</summary>
    /// <param name="wanted">A module's names, which are never changed; none if there is no module.</param>
    public static IReadOnlyDictionary<string, string> Repaired(IEnumerable<string> stored, IReadOnlyCollection<string>? wanted = null)
    {
        var names = stored.Select(s => (Name: s, Stored: s)).ToList();
        while (s_wrappers.FirstOrDefault(w => IsCommon(names.Select(n => n.Name), w) && !IsCommon(wanted ?? [], w)) is { } wrapper)
            names = [.. names.Select(n => (n.Name[wrapper.Length..], n.Stored))];
        // A better name that stands in the file itself, or one that the module wants as it is, is nobody else's.
        var taken = names.Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        var known = (wanted ?? []).ToHashSet(StringComparer.Ordinal);
        var repaired = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, from) in names)
        {
            string better = DenseNetLayer().Replace(name, "$1$2");
            repaired[known.Contains(name) || taken.Contains(better) ? name : better] = from;
        }
        return repaired;
    }

    static bool IsCommon(IEnumerable<string> names, string prefix)
    {
        bool any = false;
        foreach (string name in names)
        {
            if (name.Length <= prefix.Length || !name.StartsWith(prefix, StringComparison.Ordinal)) return false;
            any = true;
        }
        return any;
    }

    [GeneratedRegex(@"(\bdenselayer\d+\.(?:norm|relu|conv))\.([12]\.)")]
    private static partial Regex DenseNetLayer();
}
