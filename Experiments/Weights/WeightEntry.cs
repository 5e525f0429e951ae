namespace IlgpuXai.Experiments;

/// <summary>Trained weights that have a name: one entry of <c>weights/manifest.json</c>.</summary>
/// <param name="Architecture">A model's name.</param>
/// <param name="Preprocessing">What is done to a picture first: <c>imagenet</c>, <c>caffe</c>, <c>cifar10</c> or <c>mnist</c>.</param>
/// <param name="Sha256">Of the file, in lower case: all 64 digits, or as many of the first as its publisher states, 8 at least.</param>
/// <param name="Licence">Of the weights, for people.</param>
/// <param name="Source">Where it can be fetched over HTTPS; null where it comes with the program.</param>
/// <param name="File">Its name in the folder <c>weights</c>, where it comes with the program.</param>
/// <param name="Bytes">Its length, where that is known.</param>
public sealed record WeightEntry(string Name, string Architecture, int Classes, string Preprocessing, string Sha256, string Licence, string? Source = null, string? File = null, long? Bytes = null)
{
    public static IReadOnlyList<string> Preprocessings { get; } = ["imagenet", "caffe", "cifar10", "mnist"];

    /// <summary>What the file is called, here or in the cache.</summary>
    public string FileName => File ?? Source![(Source!.LastIndexOf('/') + 1)..];

    /// <summary>Whether a digest is that of this entry, as far as it is stated.</summary>
    public bool Matches(string digest) => digest.StartsWith(Sha256, StringComparison.Ordinal);
}
