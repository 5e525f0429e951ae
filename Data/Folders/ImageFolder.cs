namespace IlgpuXai.Data;

/// <summary>A picture of a data set: its file, and its class as an index into the names; −1 where there are no classes.</summary>
public readonly record struct LabelledFile(string Path, int Label);

/// <summary>A file that is no readable picture. <paramref name="Line"/> is <c>file: reason</c>.</summary>
public sealed record BadFile(string Path, string Line);

/// <summary>
/// A data set on disk: one sub-folder per class, or pictures without sub-folders, which then have no label. Classes and, within a class, files are in <see cref="NaturalOrder"/>. Files with other
/// extensions, hidden files and hidden folders are passed over; folders within a class belong to it. Nothing is read but names.
/// </summary>
public sealed class ImageFolder
{
    ImageFolder(string path, IReadOnlyList<string> classNames, IReadOnlyList<LabelledFile> files) => (Path, ClassNames, Files) = (path, classNames, files);

    public string Path { get; }

    /// <summary>Empty where the folder has no sub-folders.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Class after class.</summary>
    public IReadOnlyList<LabelledFile> Files { get; }

    public bool IsLabelled => ClassNames.Count > 0;

    /// <summary>The class of each file, −1 without classes.</summary>
    public int[] Labels => [.. Files.Select(f => f.Label)];

    /// <summary>Files per class; one number where there are no classes.</summary>
    public int[] Counts
    {
        get
        {
            var counts = new int[Math.Max(ClassNames.Count, 1)];
            foreach (var file in Files) counts[Math.Max(file.Label, 0)]++;
            return counts;
        }
    }

    /// <summary>Classes without a picture. They keep their place among the names.</summary>
    public IEnumerable<string> EmptyClasses => ClassNames.Zip(Counts).Where(c => c.Second == 0).Select(c => c.First);

    /// <exception cref="DataException">No such folder, it cannot be read, or there is no picture in it.</exception>
    public static ImageFolder Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (File.Exists(path)) throw new DataException(path, "is a file, a folder was expected");
        if (!Directory.Exists(path)) throw new DataException(path, "no such folder");
        string[] classes = Entries(path, Directory.EnumerateDirectories);
        var files = classes.Length == 0
            ? Pictures(path).Select(f => new LabelledFile(f, -1))
            : classes.SelectMany((folder, label) => Below(folder, []).Order(NaturalOrder.Instance).Select(f => new LabelledFile(f, label)));
        var set = new ImageFolder(path, [.. classes.Select(c => System.IO.Path.GetFileName(c)!)], [.. files]);
        return set.Files.Count > 0 ? set : throw new DataException(path, $"holds no picture ({string.Join(", ", ImageFile.Extensions)})");
    }

    /// <summary>The set without these files; the classes stay.</summary>
    public ImageFolder Without(IEnumerable<BadFile> bad)
    {
        var paths = bad.Select(b => b.Path).ToHashSet(StringComparer.Ordinal);
        return new(Path, ClassNames, [.. Files.Where(f => !paths.Contains(f.Path))]);
    }

    /// <summary>The files with these indices, in this order.</summary>
    public ImageFolder Subset(ReadOnlySpan<int> indices)
    {
        var files = new LabelledFile[indices.Length];
        for (int i = 0; i < files.Length; i++) files[i] = Files[indices[i]];
        return new(Path, ClassNames, files);
    }

    /// <summary>Reads every file and tells all that are no pictures, in the order of <see cref="Files"/>.</summary>
    /// <param name="good">Called with every picture, in order, on the caller's thread.</param>
    public IReadOnlyList<BadFile> Check(int threads, Action<LabelledFile, Image>? good = null, CancellationToken stop = default)
    {
        var bad = new List<BadFile>();
        foreach (var (file, (image, failure)) in Files.Zip(ReadAhead.Of(Files, Try, threads, 2 * threads, stop)))
        {
            if (image is null) bad.Add(new(file.Path, failure!));
            else good?.Invoke(file, image);
        }
        return bad;

        static (Image? Image, string? Failure) Try(LabelledFile file)
        {
            try { return (ImageFile.Read(file.Path), null); }
            catch (DataException e) { return (null, e.Message); }
        }
    }

    static string[] Pictures(string folder) => Entries(folder, Directory.EnumerateFiles, ImageFile.HasExtension);

    // Links are followed, but not to a folder that is being read already.
    static IEnumerable<string> Below(string folder, string[] above)
    {
        string real = new DirectoryInfo(folder) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : System.IO.Path.GetFullPath(folder);
        if (above.Contains(real, StringComparer.Ordinal)) return [];
        string[] path = [.. above, real];
        return Pictures(folder).Concat(Entries(folder, Directory.EnumerateDirectories).SelectMany(f => Below(f, path)));
    }

    static string[] Entries(string folder, Func<string, string, EnumerationOptions, IEnumerable<string>> enumerate, Func<string, bool>? wanted = null)
    {
        try
        {
            var all = enumerate(folder, "*", new() { AttributesToSkip = FileAttributes.Hidden | FileAttributes.System, IgnoreInaccessible = false });
            return [.. (wanted is null ? all : all.Where(wanted)).Order(NaturalOrder.Instance)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(folder, $"cannot be read: {e.Message}", e);
        }
    }
}
