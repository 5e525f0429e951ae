using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Models;

namespace IlgpuXai.Experiments;

/// <summary>Files of weights by path or by name: those shipped with the program, in the folder <c>weights</c> beside it or in a folder above it, as in the repository, else above the working folder, and those that were fetched.</summary>
public static class WeightFiles
{
    public const string Folder = "weights";

    /// <summary>A shipped file.</summary>
    /// <exception cref="UserException">The file is nowhere.</exception>
    public static string Find(string name) =>
        Shipped(name) ?? throw new UserException($"{Folder}/{name}: no such file beside the program or above {Environment.CurrentDirectory}; name one with --weights, or train a network with --train");

    /// <summary>A shipped file; null if it is nowhere.</summary>
    public static string? Shipped(string name) =>
        Above(AppContext.BaseDirectory).Concat(Above(Environment.CurrentDirectory)).Select(folder => Path.Combine(folder, Folder, name)).FirstOrDefault(File.Exists);

    /// <summary>What a user means: a file, or weights of the registry that are here.</summary>
    /// <returns>A path; of a file that is not there too, unless the word can only be a name.</returns>
    /// <exception cref="UserException">The weights have to be fetched first, or nothing is called so; the message says how.</exception>
    public static string Resolve(string pathOrName, WeightCache? cache = null)
    {
        ArgumentNullException.ThrowIfNull(pathOrName);
        if (Path.Exists(pathOrName)) return pathOrName;
        if (WeightRegistry.Find(pathOrName) is { } entry) return (cache ?? WeightCache.OfUser()).Find(entry) ?? throw new UserException($"{entry.Name}: these weights are not here; {HowToFetch(entry)}");
        if (Path.HasExtension(pathOrName) || pathOrName.AsSpan().ContainsAny('/', '\\')) return pathOrName;
        throw new UserException($"{pathOrName}: there is no such file, and no weights are called so; {NearestName.Hint(pathOrName, [.. WeightRegistry.All.Select(e => e.Name)])}");
    }

    /// <summary>Weights of a model: the first of the registry that are here.</summary>
    /// <exception cref="UserException">None are; the message says what can be fetched.</exception>
    public static string For(string model, WeightCache? cache = null)
    {
        WeightEntry[] entries = [.. WeightRegistry.All.Where(e => e.Architecture == model)];
        cache ??= WeightCache.OfUser();
        if (entries.Select(cache.Find).FirstOrDefault(f => f is not null) is { } here) return here;
        if (Array.Find(entries, e => e.Source is not null) is { } first) throw new UserException($"{model}: no weights of this model are here; {HowToFetch(first)}, or name a file with --weights");
        return Find(model + ".safetensors");
    }

    /// <summary>The model that weights say they are of, in the registry or in the file's own text; null where they do not say.</summary>
    /// <exception cref="StateFileException">The file is malformed.</exception>
    public static string? ModelOf(string pathOrName)
    {
        if (!Path.Exists(pathOrName)) return WeightRegistry.Find(pathOrName)?.Architecture;
        if (!File.Exists(pathOrName)) return null;
        using var file = StateFile.Open(pathOrName);
        return file.Metadata.TryGetValue(WeightMetadata.Model, out string? name) && ModelCatalogue.All.Any(m => m.Name == name) ? name : null;
    }

    static string HowToFetch(WeightEntry entry) => entry.Source is null ? $"{Folder}/{entry.File} belongs beside the program" : $"ilgpuxai weights fetch {entry.Name} gets them";

    static IEnumerable<string> Above(string folder)
    {
        for (var d = new DirectoryInfo(folder); d is not null; d = d.Parent) yield return d.FullName;
    }
}
