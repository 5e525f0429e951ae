namespace IlgpuXai.Tests.Fuzz;

/// <summary>A reader of files, and whole files from which mutations begin.</summary>
/// <param name="Name">What a failure is reported under; mutations depend on it, so that each reader has its own.</param>
/// <param name="Seeds">Files that the reader reads.</param>
/// <param name="Read">Reads bytes that errors call by the second argument; throws <c>DataException</c> or <c>StateFileException</c> for what it refuses.</param>
sealed record FuzzedReader(string Name, IReadOnlyList<byte[]> Seeds, Action<byte[], string> Read)
{
    /// <summary>What errors must begin with.</summary>
    public string File { get; init; } = "mutated.file";

    /// <summary>Bytes of managed memory that reading an input of this length may take in all.</summary>
    public Func<long, long> Memory { get; init; } = length => (4 << 20) + 64 * length;

    /// <summary>Applied to a mutated input: makes checksums right, so that mutations reach what lies behind them.</summary>
    public Func<byte[], byte[]> Repair { get; init; } = bytes => bytes;

    /// <summary>A reader that opens a path: each input is written to one file in <paramref name="folder"/> first.</summary>
    public static FuzzedReader OfPath(string name, string folder, IReadOnlyList<byte[]> seeds, Action<string> read) =>
        new(name, seeds, (bytes, path) =>
        {
            System.IO.File.WriteAllBytes(path, bytes);
            read(path);
        })
        { File = Path.Combine(folder, $"mutated.{name}") };

    public override string ToString() => Name;
}
