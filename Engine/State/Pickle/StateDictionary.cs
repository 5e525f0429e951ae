namespace IlgpuXai.Engine;

/// <summary>Where the weights are in what a checkpoint holds: at its top, or under a name that training programs use.</summary>
static class StateDictionary
{
    const int Deepest = 4, Shown = 6;

    // The first that is there counts: optimizer, epoch, best score and the like are passed over.
    static readonly string[] s_names = ["state_dict", "model_state_dict", "model", "net", "network", "state_dict_ema", "model_ema", "params", "weights"];

    /// <summary>The tensors by name, and the path of entries that leads to them (empty at the top).</summary>
    /// <exception cref="FormatException">There is no dictionary of tensors.</exception>
    public static (IReadOnlyList<KeyValuePair<string, PickledTensor>> Tensors, string Path) Find(object? loaded)
    {
        if (loaded is not PickledDictionary top) throw new FormatException($"holds {PickledGlobals.Describe(loaded)} where a dictionary of tensors was expected: save model.state_dict()");
        var (dictionary, path) = (top, new List<string>());
        while (path.Count < Deepest && s_names.FirstOrDefault(n => dictionary[n] is PickledDictionary inner && MayHold(inner)) is { } name)
        {
            path.Add(name);
            dictionary = (PickledDictionary)dictionary[name]!;
        }
        KeyValuePair<string, PickledTensor>[] tensors = [.. dictionary.Items.Where(i => i.Value is PickledTensor).Select(i => KeyValuePair.Create(i.Key, (PickledTensor)i.Value!))];
        if (tensors.Length > 0) return (tensors, string.Join('.', path));
        throw new FormatException(top.Items.Count == 0 ? "holds no tensors"
            : $"holds no dictionary of tensors, but {string.Join(", ", top.Items.Keys.Take(Shown).Select(PickledGlobals.Shown))}{(top.Items.Count > Shown ? $" and {top.Items.Count - Shown} more" : "")}");
    }

    static bool MayHold(PickledDictionary dictionary) => dictionary.Items.Values.Any(v => v is PickledTensor) || s_names.Any(n => dictionary[n] is PickledDictionary);
}
