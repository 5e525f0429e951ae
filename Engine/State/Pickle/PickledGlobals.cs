namespace IlgpuXai.Engine;

/// <summary>The names that a checkpoint may use. Everything else is refused, whatever it may be.</summary>
static class PickledGlobals
{
    const int LongestShown = 100;

    static readonly Dictionary<string, object> s_known = Known();

    /// <param name="makesAnObject">Whether an object of the class is made next.</param>
    /// <exception cref="FormatException">The name is not one of them.</exception>
    public static object Find(string name, bool makesAnObject) => s_known.TryGetValue(name, out object? known) ? known
        : throw (makesAnObject || name.StartsWith("torch.nn.modules.", StringComparison.Ordinal) || name.StartsWith("torchvision.models.", StringComparison.Ordinal) ? RefusedObject(name) : Refused(name));

    /// <summary>Where a name or a call is not one of the few.</summary>
    public static FormatException Refused(string what) => new($"refuses to load {Shown(what)}: a checkpoint may hold tensors and plain values only");

    /// <summary>Where somebody stored a whole module instead of its weights.</summary>
    public static FormatException RefusedObject(string what) =>
        new($"refuses to load an object of {Shown(what)}: a checkpoint may hold tensors and plain values only; if this is a whole module, save model.state_dict() of it instead");

    public static string Describe(object? value) => value switch
    {
        PickledFunction f => f.Name,
        PickledOther o => o.What,
        null => "None",
        string => "a text",
        PickledTensor => "a tensor",
        PickledStorage or StorageClass => "a storage",
        PickledDictionary => "a dictionary",
        object?[] => "a tuple",
        List<object?> => "a list",
        _ => "a number",
    };

    /// <summary>As much of a name as fits a line.</summary>
    public static string Shown(string name)
    {
        string line = string.Concat(name.Take(LongestShown).Select(c => char.IsControl(c) ? '?' : c));
        return name.Length > LongestShown ? line + "…" : line;
    }

    static Dictionary<string, object> Known()
    {
        var known = new Dictionary<string, object>(StringComparer.Ordinal);
        void Function(string name, Func<Unpickler, object?[], object?> call) => known[name] = new PickledFunction(name, call);
        void Value(string name, object value) => known[name] = value;

        Function("collections.OrderedDict", Dictionary);
        Function("collections.Counter", Dictionary);
        Function("torch.Size", static (_, a) => a is [object?[] sizes] ? sizes : []);
        Function("torch.device", static (_, _) => new PickledOther("torch.device"));
        Function("torch.serialization._get_layout", static (_, _) => new PickledOther("a layout"));
        Function("_codecs.encode", Encode);
        Function("torch._utils._rebuild_tensor", static (reader, a) => PickledTensors.Tensor(reader, a, typeAt: null));
        Function("torch._utils._rebuild_tensor_v2", static (reader, a) => PickledTensors.Tensor(reader, a, typeAt: null));
        Function("torch._utils._rebuild_tensor_v3", static (reader, a) => PickledTensors.Tensor(reader, a, typeAt: 6));
        foreach (string parameter in (string[])["torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state", "torch.nn.parameter.Parameter", "torch.nn.Parameter"])
            Function(parameter, static (_, a) => a is [PickledTensor data, ..] ? data : throw new FormatException("is a damaged pickle: a parameter without a tensor"));
        Function("torch._tensor._rebuild_from_type_v2", static (reader, a) => a is [PickledFunction rebuild, _, object?[] arguments, ..] ? rebuild.Call(reader, arguments)
            : throw new FormatException("is a damaged pickle: a tensor that is rebuilt from nothing"));
        Value("torch.Tensor", new PickledOther("torch.Tensor"));
        foreach (var (word, storage, type) in PickledTensors.Types)
        {
            Value($"torch.{storage}Storage", new StorageClass(type));
            Value($"torch.{word}", type);
        }
        foreach (string bytes in (string[])["torch.UntypedStorage", "torch.storage.UntypedStorage", "torch.storage._UntypedStorage"]) Value(bytes, new StorageClass(null));
        return known;
    }

    // OrderedDict(), and Python 2's OrderedDict([[key, value], …]); Counter({key: count, …}).
    static PickledDictionary Dictionary(Unpickler reader, object?[] arguments)
    {
        var dictionary = new PickledDictionary();
        if (arguments is [List<object?> pairs])
        {
            reader.Copies(pairs.Count);
            foreach (object? pair in pairs)
                if (pair is List<object?> { Count: 2 } list) dictionary.Set(list[0], list[1]);
                else if (pair is object?[] { Length: 2 } tuple) dictionary.Set(tuple[0], tuple[1]);
                else throw new FormatException("is a damaged pickle: a dictionary of something else than pairs");
        }
        return dictionary;
    }

    // Python 3's bytes in protocol 2: a text whose letters are the bytes.
    static object Encode(Unpickler reader, object?[] arguments)
    {
        if (arguments is not [string text, "latin1"]) throw Refused("_codecs.encode of something else than bytes");
        reader.Copies(text.Length);
        return System.Text.Encoding.Latin1.GetBytes(text);
    }
}
