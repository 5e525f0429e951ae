using System.IO.Enumeration;
using System.Runtime.ExceptionServices;

namespace IlgpuXai.Engine;

/// <summary>A module's weights to and from files.</summary>
public static class ModuleState
{
    const int Shown = 5;

    /// <summary>Overwrites every parameter and buffer with the file's. Nothing is overwritten unless everything fits.</summary>
    /// <remarks>
    /// Names are repaired as <see cref="StateNames"/> says. PyTorch's counters <c>num_batches_tracked</c> take part in no computation and are passed over.
    /// </remarks>
    /// <param name="prefix">Only names that begin so are looked at, and the rest of the name counts.</param>
    /// <param name="allowMissing">Patterns (<c>*</c>, <c>?</c>) of the module's names that may be missing and then keep their values.</param>
    /// <param name="allowUnexpected">Patterns of the file's names that are passed over.</param>
    /// <exception cref="StateFileException">Names are missing or unexpected, or shapes differ: all of it in one message. Or the file is damaged.</exception>
    public static void Load(this Module module, IStateFile file, string prefix = "", IReadOnlyList<string>? allowMissing = null, IReadOnlyList<string>? allowUnexpected = null)
    {
        var state = module.State().ToList();
        var names = state.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);
        var stored = StateNames.Repaired(file.Names.Where(n => n.StartsWith(prefix, StringComparison.Ordinal) && !StateNames.IsCounter(n)).Select(n => n[prefix.Length..]), names);
        var shapes = state.Where(s => stored.ContainsKey(s.Name)).Select(s => new Difference(s.Name, file.ShapeOf(prefix + stored[s.Name]), s.Value.Shape)).Where(d => d.There != d.Expected).ToList();
        string[] differences =
        [
            .. List("missing", names.Except(stored.Keys).Where(n => !Matches(n, allowMissing))),
            .. List("unexpected", stored.Keys.Except(names).Where(n => !Matches(n, allowUnexpected))),
            .. List("of another shape", shapes.Select(d => $"{d.Name} {d.There} where {d.Expected} was expected")),
            .. Classes(shapes, state[^1].Name),
        ];
        if (differences.Length > 0) throw new StateFileException(file.Path, $"does not hold a {module.GetType().Name}: {string.Join("; ", differences)}");

        void Fill((string Name, Tensor Value) item) => item.Value.Device.Write(item.Value.View, values => file.Read(prefix + stored[item.Name], values));
        var there = state.Where(s => stored.ContainsKey(s.Name));
        if (!state.TrueForAll(s => s.Value.Device.IsHost))
        {
            foreach (var item in there) Fill(item);
            return;
        }
        try { Parallel.ForEach(there.OrderByDescending(s => s.Value.Shape.Elements), Fill); }
        catch (AggregateException e) { ExceptionDispatchInfo.Throw(e.InnerExceptions[0]); }
    }

    /// <summary>From a file of any format that <see cref="StateFile"/> knows.</summary>
    /// <inheritdoc cref="Load(Module, IStateFile, string, IReadOnlyList{string}?, IReadOnlyList{string}?)"/>
    public static void Load(this Module module, string path, IReadOnlyList<string>? allowMissing = null, IReadOnlyList<string>? allowUnexpected = null)
    {
        using var file = StateFile.Open(path);
        module.Load(file, "", allowMissing, allowUnexpected);
    }

    /// <summary>Writes every parameter and buffer as float32 safetensors.</summary>
    public static void Save(this Module module, string safetensorsPath, params ReadOnlySpan<(string Key, string Text)> metadata)
    {
        var writer = new SafetensorsWriter();
        foreach (var (key, text) in metadata) writer.Metadata[key] = text;
        foreach (var (name, tensor) in module.State()) writer.Add(name, tensor);
        writer.Write(safetensorsPath);
    }

    readonly record struct Difference(string Name, Shape There, Shape Expected);

    // Another number of classes shows as weight and bias of the last layer, whose first axis alone differs.
    static string[] Classes(List<Difference> shapes, string last) =>
        shapes.Count > 0 && shapes.TrueForAll(d => Layer(d.Name) == Layer(last) && d.There.Rank > 0 && d.There.Rank == d.Expected.Rank && d.There[1..] == d.Expected[1..] && d.There[0] == shapes[0].There[0])
            ? [$"its last layer is made for {shapes[0].There[0]} classes, not {shapes[0].Expected[0]}"] : [];

    static string Layer(string name) => name[..Math.Max(0, name.LastIndexOf('.'))];

    static bool Matches(string name, IReadOnlyList<string>? patterns) => patterns is not null && patterns.Any(p => FileSystemName.MatchesSimpleExpression(p, name, ignoreCase: false));

    static string[] List(string what, IEnumerable<string> names)
    {
        string[] sorted = [.. names.Order(StringComparer.Ordinal)];
        return sorted.Length == 0 ? [] : [$"{what}: {string.Join(", ", sorted.Take(Shown))}{(sorted.Length > Shown ? $" and {sorted.Length - Shown} more" : "")}"];
    }
}
