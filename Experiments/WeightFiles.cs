namespace IlgpuXai.Experiments;

/// <summary>The weights shipped with the program: the folder <c>weights</c> beside the program or in a folder above it, as in the repository, else above the working folder.</summary>
public static class WeightFiles
{
    public const string Folder = "weights";

    /// <exception cref="UserException">The file is nowhere.</exception>
    public static string Find(string name) =>
        Above(AppContext.BaseDirectory).Concat(Above(Environment.CurrentDirectory)).Select(folder => Path.Combine(folder, Folder, name)).FirstOrDefault(File.Exists)
            ?? throw new UserException($"{Folder}/{name}: no such file beside the program or above {Environment.CurrentDirectory}; name one with --weights, or train a network with --train");

    /// <summary>The shipped weights of a model.</summary>
    public static string For(string model) => Find(model + ".safetensors");

    static IEnumerable<string> Above(string folder)
    {
        for (var d = new DirectoryInfo(folder); d is not null; d = d.Parent) yield return d.FullName;
    }
}
