using System.Security.Cryptography;
using IlgpuXai.Engine;

namespace IlgpuXai.Experiments;

/// <summary>What a file of weights holds.</summary>
/// <param name="Parameters">Numbers that are trained: all but running statistics and counters.</param>
public sealed record WeightListing(string File, string Format, long Bytes, string Sha256, long Parameters, IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<WeightListing.Array> Arrays)
{
    /// <param name="Name">As a module calls it.</param>
    /// <param name="Stored">Its name in the file.</param>
    /// <param name="Sha256">Of its numbers as they are stored, row-major and little-endian; null where nobody asked.</param>
    public sealed record Array(string Name, string Stored, IReadOnlyList<int> Shape, string Type, string? Sha256);

    /// <exception cref="StateFileException">The file is missing or cannot be read.</exception>
    public static WeightListing Of(string path, bool digests)
    {
        using var file = StateFile.Open(path);
        var names = StateNames.Repaired(file.Names);
        var arrays = names.Select(n => new Array(n.Key, n.Value, file.ShapeOf(n.Value).Sizes.ToArray(), file.TypeOf(n.Value).Name(), digests ? Convert.ToHexStringLower(SHA256.HashData(file.ReadBytes(n.Value))) : null));
        return new(path, file.Format, new FileInfo(path).Length, Network.HashOf(path), names.Where(n => IsTrained(n.Key)).Sum(n => (long)file.ShapeOf(n.Value).Elements), file.Metadata, [.. arrays]);
    }

    static bool IsTrained(string name) => !StateNames.IsCounter(name) && name.Split('.')[^1] is not ("running_mean" or "running_var");
}
