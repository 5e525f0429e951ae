using System.Text.Json;

namespace IlgpuXai.Engine;

/// <summary>A training in one safetensors file: <c>model.…</c>, <c>best.…</c>, <c>optimizer.…</c>, and steps, configuration and history in its metadata.</summary>
static class Checkpoint
{
    const string Format = "ilgpuxai training 1";

    // A validation loss may be infinite.
    static readonly JsonSerializerOptions Json = new() { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public static void Save(string path, TrainingState state)
    {
        var writer = new SafetensorsWriter { Metadata =
        {
            ["format"] = Format,
            ["configuration"] = state.Configuration,
            ["steps"] = $"{state.Optimizer.Steps}",
            ["history"] = JsonSerializer.Serialize(state.History, Json),
        } };
        foreach (var (name, tensor) in state.Model.State())
        {
            writer.Add($"model.{name}", tensor);
            writer.Add($"best.{name}", tensor.Shape, state.BestWeights[name]);
        }
        foreach (var (name, tensor) in state.Optimizer.State) writer.Add($"optimizer.{name}", tensor);
        writer.Write(path);
    }

    public static void Load(string path, TrainingState state)
    {
        using var file = SafetensorsFile.Open(path);
        string Text(string key) => file.Metadata.TryGetValue(key, out string? text) ? text : throw new StateFileException(path, $"is not a training checkpoint: its metadata lacks '{key}'");
        if (Text("format") != Format) throw new StateFileException(path, $"is a checkpoint of format '{Text("format")}', '{Format}' was expected");
        if (Text("configuration") != state.Configuration) throw new StateFileException(path, $"belongs to another training: '{Text("configuration")}' there, '{state.Configuration}' here");
        if (!int.TryParse(Text("steps"), out int steps) || steps < 0) throw new StateFileException(path, $"its number of steps is '{Text("steps")}'");
        var history = ReadHistory(path, Text("history"));
        var best = state.Model.State().Select(s => (s.Name, Values: Read(file, $"best.{s.Name}", s.Value.Shape))).ToList();
        var remembered = state.Optimizer.State.Select(s => (s.Value, Values: Read(file, $"optimizer.{s.Name}", s.Value.Shape))).ToList();

        state.Model.Load(file, "model.");               // the last that may refuse: from here on nothing fails
        foreach (var (name, values) in best) state.BestWeights[name] = values;
        foreach (var (tensor, values) in remembered) tensor.Device.Upload<float>(values, tensor.View);
        state.Optimizer.Steps = steps;
        state.Restore(history);
    }

    static List<EpochRecord> ReadHistory(string path, string json)
    {
        try
        {
            var history = JsonSerializer.Deserialize<List<EpochRecord?>>(json, Json);
            if (history is null || history.Contains(null)) throw new JsonException("nothing there");
            return history!;
        }
        catch (JsonException e)
        {
            throw new StateFileException(path, "its history is not readable", e);
        }
    }

    static float[] Read(SafetensorsFile file, string name, Shape shape)
    {
        if (!file.Names.Contains(name) || file.ShapeOf(name) != shape) throw new StateFileException(file.Path, $"is a damaged checkpoint: it lacks {name} {shape}");
        return file.Read(name);
    }
}
