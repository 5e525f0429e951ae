using System.Buffers.Binary;
using System.Security.Cryptography;
using IlgpuXai.Data;

namespace IlgpuXai.Experiments;

/// <summary>The images of a run: a folder of IDX files, or generated digits. The training half is read only when it is asked for.</summary>
/// <param name="Name">For people.</param>
public sealed record StudyData(string Name, ImageSet Test, Func<ImageSet> Training)
{
    /// <param name="folder">MNIST's IDX files; null for generated digits of the sizes in <paramref name="generated"/>.</param>
    /// <exception cref="DataException">The folder or one of its files cannot be used.</exception>
    public static StudyData Load(string? folder, GeneratedPreset generated, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(generated);
        return folder is null
            ? new($"generated digits, seed {seed}", GeneratedDigits.Create(generated.GeneratedTest, seed, Split.Test), () => GeneratedDigits.Create(generated.GeneratedTrain, seed, Split.Train))
            : new("IDX files (MNIST's format)", IdxFolder.Read(folder, Split.Test), () => IdxFolder.Read(folder, Split.Train));
    }

    /// <summary>SHA-256 over sizes, pixels and labels: the same images give the same word, wherever they come from.</summary>
    public static string Sha256(ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> word = stackalloc byte[4];
        foreach (int size in (ReadOnlySpan<int>)[images.Count, images.Channels, images.Height, images.Width])
        {
            BinaryPrimitives.WriteInt32LittleEndian(word, size);
            hash.AppendData(word);
        }
        for (int i = 0; i < images.Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(word, images.Labels[i]);
            hash.AppendData(word);
            hash.AppendData(images.Pixels(i));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
