namespace IlgpuXai.Tests.Fuzz;

/// <summary>Every reader of files. A new one is added to the room it belongs to, or is a line here.</summary>
static class FuzzedReaders
{
    /// <param name="folder">Where readers of paths may leave their input.</param>
    public static IEnumerable<FuzzedReader> All(string folder) =>
    [
        .. PictureReaders.All(),
        .. ArrayReaders.All(folder),
        .. WeightReaders.All(folder),
    ];
}
