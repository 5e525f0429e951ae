using System.Runtime.ExceptionServices;
using IlgpuXai.Data;
using IlgpuXai.Engine;
using IlgpuXai.Kernels;
using IlgpuXai.Models;

namespace IlgpuXai.Experiments;

/// <summary>A picture file as a network's input.</summary>
/// <param name="Picture">What the network sees, as people do: 8 bits, 1 or 3 channels, of the input's size.</param>
/// <param name="Values">[C, H, W], normalised.</param>
/// <param name="Note">What was changed to make it fit, null if nothing but the numbers.</param>
public sealed record PictureInput(string Path, Image Picture, float[] Values, string? Note)
{
    // Batches of images gain where an image is small.
    const int MostTogether = 64, ValuesTogether = 1 << 18;

    /// <summary>[C, H, W].</summary>
    public Shape Shape => [Picture.Channels, Picture.Height, Picture.Width];

    /// <summary>Pictures of one shape as [N, C, H, W].</summary>
    internal static Tensor Images(Device device, IReadOnlyList<PictureInput> pictures) => device.Tensor([pictures.Count, .. pictures[0].Shape], [.. pictures.SelectMany(p => p.Values)]);

    /// <exception cref="DataException">Not a readable picture.</exception>
    public static PictureInput Read(string path, Preprocessing preprocessing)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        var (picture, values, note) = preprocessing.Read(path);
        return new(path, picture, values, note);
    }

    /// <summary>The pictures in order, prepared ahead on a thread of their own while the caller computes.</summary>
    public static IEnumerable<PictureInput> ReadAll(IReadOnlyList<string> paths, Preprocessing preprocessing, CancellationToken stop = default) =>
        ReadAhead.Of(paths, path => Read(path, preprocessing), threads: 1, ahead: 4, stop);

    /// <summary>The same, small ones of one shape together. What one throws is thrown after those before it were handed out.</summary>
    public static IEnumerable<IReadOnlyList<PictureInput>> ReadTogether(IReadOnlyList<string> paths, Preprocessing preprocessing)
    {
        using var pictures = ReadAll(paths, preprocessing).GetEnumerator();
        var some = new List<PictureInput>();
        for (ExceptionDispatchInfo? failure = null; failure is null;)
        {
            PictureInput? next = null;
            try { next = pictures.MoveNext() ? pictures.Current : null; }
            catch (DataException e) { failure = ExceptionDispatchInfo.Capture(e); }
            if (some.Count > 0 && (next is null || some.Count == Math.Clamp(ValuesTogether / some[0].Values.Length, 1, MostTogether) || next.Shape != some[0].Shape))
            {
                yield return some;
                some = [];
            }
            failure?.Throw();
            if (next is null) break;
            some.Add(next);
        }
    }

    /// <summary>Files as they are; a folder stands for all pictures below it.</summary>
    /// <exception cref="DataException">One does not exist, or a folder holds no picture.</exception>
    public static IReadOnlyList<string> Files(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return [.. paths.SelectMany(path => File.Exists(path) ? [path] : Directory.Exists(path) ? ImageFolder.Open(path).Files.Select(f => f.Path) : throw new DataException(path, "no such file"))];
    }

    /// <summary>What the published weights of a model expect.</summary>
    public static Preprocessing PreprocessingFor(ModelEntry model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.InputShape == [1, 28, 28] ? Preprocessing.Mnist : model.InputShape == [3, 32, 32] ? Preprocessing.Cifar10 : Preprocessing.ImageNet;
    }

    /// <exception cref="UsageException">The network takes pictures of other channels.</exception>
    public static void CheckFits(Preprocessing preprocessing, ImageClassifier f)
    {
        ArgumentNullException.ThrowIfNull(preprocessing);
        ArgumentNullException.ThrowIfNull(f);
        if (preprocessing.Channels != f.InputShape[0])
            throw new UsageException($"--preprocessing {preprocessing}: gives pictures of {Channels(preprocessing.Channels)}, the network takes {Channels(f.InputShape[0])}");

        static string Channels(int n) => n == 1 ? "1 channel" : $"{n} channels";
    }
}
