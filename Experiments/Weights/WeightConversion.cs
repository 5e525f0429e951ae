using IlgpuXai.Engine;

namespace IlgpuXai.Experiments;

/// <summary>Weights of any format that is read, as safetensors.</summary>
/// <param name="From">The file that was read, and its format.</param>
public sealed record WeightConversion(string From, string Format, string To, int Arrays, long Bytes, string Sha256)
{
    // The least that rounds to infinity in 16 bits.
    const float TooLarge = 65520;

    /// <summary>Names are repaired as <see cref="StateNames"/> says; metadata comes along, with the source's name, format and digest.</summary>
    /// <param name="type">F64, F32, F16 or BF16 for all arrays of such types; null keeps what they are.</param>
    /// <exception cref="UserException">The target is there and may not be replaced, or a number does not fit the type.</exception>
    /// <exception cref="StateFileException">The source cannot be read, or the target not be written. Nothing is left half written.</exception>
    public static WeightConversion Run(string from, string to, DType? type, bool overwrite)
    {
        if (Directory.Exists(to)) throw new UserException($"{to}: is a folder, a name for the file was expected");
        if (File.Exists(to) && !overwrite) throw new UserException($"{to}: is there already; replace it with --overwrite");
        using var file = StateFile.Open(from);
        string format = file.Format;
        var writer = new SafetensorsWriter();
        foreach (var (key, text) in file.Metadata) writer.Metadata[key] = text;
        (writer.Metadata["source"], writer.Metadata["source_format"], writer.Metadata["source_sha256"]) = (Path.GetFileName(from), format, Network.HashOf(from));
        var names = StateNames.Repaired(file.Names);
        foreach (var (name, stored) in names)
        {
            if (type == DType.F16 && file.TypeOf(stored).HoldsFractions() && Array.Exists(file.Read(stored), v => float.IsFinite(v) && MathF.Abs(v) >= TooLarge))
                throw new UserException($"{from}: '{stored}' holds numbers beyond 65504, the most that F16 can; --type BF16 or F32 can");
            writer.Add(name, file, stored, type);
        }
        writer.Write(to);
        return new(from, format, to, names.Count, new FileInfo(to).Length, Network.HashOf(to));
    }
}
