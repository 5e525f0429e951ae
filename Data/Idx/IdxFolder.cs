namespace IlgpuXai.Data;

/// <summary>
/// A folder in MNIST's layout: <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>, <c>t10k-images-idx3-ubyte</c>, <c>t10k-labels-idx1-ubyte</c>, each raw or with
/// <c>.gz</c>; <c>train-images.idx3-ubyte</c>, as some archives unpack, is accepted too. The other half may be missing.
/// </summary>
public static class IdxFolder
{
    static readonly string[] s_digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];

    /// <summary>Images [N, 1, H, W] and labels [N] of one half.</summary>
    /// <param name="folder">Where the files lie.</param>
    /// <param name="split">Which pair of files.</param>
    /// <param name="classNames">One name per label; the digits 0–9 when null.</param>
    /// <exception cref="DataException">Names the file and what is wrong with it.</exception>
    public static ImageSet Read(string folder, Split split, IReadOnlyList<string>? classNames = null)
    {
        classNames ??= s_digits;
        if (File.Exists(folder)) throw new DataException(folder, "is a file, a folder with MNIST's IDX files was expected");
        CheckReadable(folder);
        string half = split == Split.Train ? "train" : "t10k";
        string imageFile = Find(folder, half, "images", 3, split), labelFile = Find(folder, half, "labels", 1, split);

        IdxArray images = Typed(IdxFile.Read(imageFile), imageFile, 3, "images"), labels = Typed(IdxFile.Read(labelFile), labelFile, 1, "labels");
        if (images.Shape[1] == 0 || images.Shape[2] == 0) throw new DataException(imageFile, $"its images are {images.Shape[1]}×{images.Shape[2]} pixels");
        if (images.Shape[0] == 0) throw new DataException(imageFile, "holds no image");
        if (images.Shape[0] != labels.Shape[0])
            throw new DataException(labelFile, $"holds {labels.Shape[0]} labels for the {images.Shape[0]} images of {Path.GetFileName(imageFile)}");

        byte[] codes = labels.Bytes();
        for (int i = 0; i < codes.Length; i++)
            if (codes[i] >= classNames.Count) throw new DataException(labelFile, $"label {i} is {codes[i]}, outside 0–{classNames.Count - 1}");
        return new ImageSet(images.Bytes(), 1, images.Shape[1], images.Shape[2], Array.ConvertAll(codes, c => (int)c), classNames);
    }

    // Asking whether a folder exists answers no where one may not look.
    static void CheckReadable(string folder)
    {
        try
        {
            using var entries = Directory.EnumerateFileSystemEntries(folder).GetEnumerator();
            entries.MoveNext();
        }
        catch (Exception e) when (e is DirectoryNotFoundException or ArgumentException)
        {
            throw new DataException(folder, "no such folder", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(folder, $"cannot be read: {e.Message}", e);
        }
    }

    static string Find(string folder, string half, string what, int rank, Split split)
    {
        string dashed = $"{half}-{what}-idx{rank}-ubyte", dotted = $"{half}-{what}.idx{rank}-ubyte";
        string[] names = [dashed, dashed + ".gz", dotted, dotted + ".gz"];
        return names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new DataException(folder, $"the {(split == Split.Train ? "training" : "test")} {what} are missing: looked for {string.Join(", ", names)}");
    }

    static IdxArray Typed(IdxArray array, string file, int rank, string what)
    {
        if (array.Type == IdxType.UInt8 && array.Shape.Count == rank) return array;
        string found = array.Shape.Count switch { 1 => "labels", 3 => "images", _ => "neither images nor labels" };
        string hint = array.Type == IdxType.UInt8 && found != what ? $" ({found})" : "";
        throw new DataException(file, $"should hold {what}, {rank} dimension{(rank == 1 ? "" : "s")} of unsigned bytes, but holds {array.Shape.Count} of {array.Type}{hint}");
    }
}
