using System.Security.Cryptography;
using System.Text;
using IlgpuXai.Data;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;

namespace IlgpuXai.Experiments;

/// <summary>A frozen network's features of pictures, computed once and kept on disk.</summary>
/// <remarks>One .npy per picture, named after the SHA-256 of the weights' digest, the preprocessing, whether they are pooled, and the picture's bytes: what changes any of them is another entry. The folder may be deleted at any time.</remarks>
/// <param name="weights">SHA-256 of the weights and whatever else decides what the network computes.</param>
/// <param name="pooled">Keep the mean of each channel, [K, 1, 1], rather than [K, h, w].</param>
sealed class FeatureCache(string folder, ImageClassifier backbone, Device device, string weights, Preprocessing preprocessing, bool pooled)
{
    const int Batch = 8;

    /// <summary>Pictures whose features were found rather than computed.</summary>
    public int Found { get; private set; }

    /// <summary>[K, h, w] of one picture, known after the first.</summary>
    public Shape? Shape { get; private set; }

    /// <summary>The features of each file in order, row-major; null for one that is no readable picture, with the reason.</summary>
    public (float[]? Features, string? Bad)[] Of(IReadOnlyList<string> files, IReporter reporter, CancellationToken stop)
    {
        Create();
        var all = new (float[]? Features, string? Bad)[files.Count];
        using var stage = reporter.Begin("features", "pictures", files.Count);
        List<(int Index, string Entry, PictureInput Picture)> waiting = [];
        int index = 0;
        foreach (var (entry, kept, picture, bad) in ReadAhead.Of(files, Look, threads: Math.Max(1, Environment.ProcessorCount / 2), ahead: 2 * Batch, stop))
        {
            if (kept is not null)
            {
                all[index] = (kept.As<float>(), null);
                Shape ??= Engine.Shape.Create(kept.Shape.ToArray());
                Found++;
            }
            else if (picture is null) all[index] = (null, bad);
            else if (waiting.Count > 0 && waiting[0].Picture.Shape != picture.Shape) Flush();
            if (picture is not null) waiting.Add((index, entry, picture));
            if (waiting.Count == Batch) Flush();
            index++;
            stage.Advance();
        }
        if (waiting.Count > 0) Flush();
        return all;

        void Flush()
        {
            foreach (var ((at, entry, _), features) in waiting.Zip(Compute([.. waiting.Select(w => w.Picture)])))
            {
                all[at] = (features, null);
                Npy.Write(entry, features, Shape!.Value[0], Shape.Value[1], Shape.Value[2]);
            }
            waiting.Clear();
        }
    }

    // On a thread of its own: the file's bytes name the entry, and only a picture without one is decoded.
    (string Entry, NpyArray? Kept, PictureInput? Picture, string? Bad) Look(string file)
    {
        try
        {
            byte[] bytes = DataException.Reading(file, stream => { var b = new byte[stream.Length]; stream.ReadExactly(b); return b; });
            string entry = System.IO.Path.Combine(folder, Name(bytes));
            if (Kept(entry) is { } kept) return (entry, kept, null, null);
            return (entry, null, PictureInput.Read(file, preprocessing), null);
        }
        catch (DataException e)
        {
            return ("", null, null, e.Message);
        }
    }

    string Name(byte[] picture)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{weights}\n{preprocessing}\n{(pooled ? "pooled" : "spatial")}\n"));
        hash.AppendData(picture);
        return Convert.ToHexStringLower(hash.GetHashAndReset()) + ".npy";
    }

    static NpyArray? Kept(string entry)
    {
        if (!File.Exists(entry)) return null;
        try { return Npy.Read(entry); }
        catch (DataException) { return null; }                               // damaged: it is computed anew and replaced
    }

    float[][] Compute(IReadOnlyList<PictureInput> pictures)
    {
        using var scope = device.Scope();
        var y = backbone.Features(PictureInput.Images(device, pictures));
        if (pooled) y = y.AdaptiveAvgPool2d(1);
        Shape = y.Shape[1..];
        return [.. y.ToArray().Chunk(Shape.Value.Elements)];
    }

    void Create()
    {
        try { Directory.CreateDirectory(folder); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new DataException(folder, $"cannot be written: {e.Message}", e); }
    }
}
