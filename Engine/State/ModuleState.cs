namespace IlgpuXai.Engine;

/// <summary>A module's weights to and from files.</summary>
public static class ModuleState
{
    /// <summary>Overwrites every parameter and buffer with the file's. Nothing is overwritten unless everything fits.</summary>
    /// <remarks>PyTorch's counters <c>num_batches_tracked</c> take part in no computation and are passed over.</remarks>
    /// <param name="prefix">Only names that begin so are looked at, and the rest of the name counts.</param>
    /// <exception cref="StateFileException">Names are missing or unexpected, or shapes differ: all of them in one message.</exception>
    public static void Load(this Module module, IStateFile file, string prefix = "")
    {
        var state = module.State().ToList();
        var there = file.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && !n.EndsWith(".num_batches_tracked", StringComparison.Ordinal)).Select(n => n[prefix.Length..]).ToHashSet();
        var names = state.Select(s => s.Name).ToHashSet();
        string[] differences =
        [
            .. List("missing", names.Except(there)),
            .. List("unexpected", there.Except(names)),
            .. List("of another shape", state.Where(s => there.Contains(s.Name) && file.ShapeOf(prefix + s.Name) != s.Value.Shape)
                .Select(s => $"{s.Name} {file.ShapeOf(prefix + s.Name)} where {s.Value.Shape} was expected")),
        ];
        if (differences.Length > 0) throw new StateFileException(file.Path, $"does not hold a {module.GetType().Name}: {string.Join("; ", differences)}");

        foreach (var (name, tensor) in state)
        {
            var values = new float[tensor.Shape.Elements];
            file.Read(prefix + name, values);
            tensor.Device.Upload<float>(values, tensor.View);
        }
    }

    public static void Load(this Module module, string safetensorsPath)
    {
        using var file = SafetensorsFile.Open(safetensorsPath);
        module.Load(file);
    }

    /// <summary>Writes every parameter and buffer as float32 safetensors.</summary>
    public static void Save(this Module module, string safetensorsPath, params ReadOnlySpan<(string Key, string Text)> metadata)
    {
        var writer = new SafetensorsWriter();
        foreach (var (key, text) in metadata) writer.Metadata[key] = text;
        foreach (var (name, tensor) in module.State()) writer.Add(name, tensor);
        writer.Write(safetensorsPath);
    }

    static string[] List(string what, IEnumerable<string> names)
    {
        string[] sorted = [.. names.Order(StringComparer.Ordinal)];
        return sorted.Length == 0 ? [] : [$"{what}: {string.Join(", ", sorted)}"];
    }
}
