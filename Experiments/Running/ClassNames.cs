using System.Globalization;
using System.Text.Json;
using IlgpuXai.Data;

namespace IlgpuXai.Experiments;

/// <summary>What a network's classes are called.</summary>
public sealed class ClassNames(IReadOnlyList<string>? names = null)
{
    public static ClassNames None { get; } = new();

    /// <summary>Null where there are no names.</summary>
    public string? this[int index] => names?[index];

    /// <summary>For people: <c>281 tabby</c>, or the number alone.</summary>
    public string Told(int index) => this[index] is { } name ? $"{index} {name}" : $"{index}";

    /// <summary>One name per line, in the order of the classes; or JSON, a list of names or an object from the class's number to its name or to a list that ends with it (Keras).</summary>
    /// <exception cref="DataException">Not a readable file of this kind, or another number of names.</exception>
    public static ClassNames Read(string path, int classes)
    {
        string text = DataException.Reading(path, stream => new StreamReader(stream).ReadToEnd()).Trim();
        string[] found = text.StartsWith('{') || text.StartsWith('[') ? FromJson(path, text) : [.. text.Split('\n').Select(line => line.Trim())];
        return found.Length == classes ? new(found) : throw new DataException(path, $"has {found.Length} names for {classes} classes");
    }

    static string[] FromJson(string path, string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind == JsonValueKind.Array) return [.. json.RootElement.EnumerateArray().Select(Name)];
            var entries = json.RootElement.EnumerateObject().Select(e => (Index: int.Parse(e.Name, CultureInfo.InvariantCulture), Name: Name(e.Value))).OrderBy(e => e.Index).ToArray();
            return entries.Select((e, i) => e.Index == i).All(inOrder => inOrder) ? [.. entries.Select(e => e.Name)] : throw new FormatException("its numbers are not 0, 1, 2, …");
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or OverflowException)
        {
            throw new DataException(path, $"is not a list of names: {e.Message}", e);
        }

        static string Name(JsonElement e) => (e.ValueKind == JsonValueKind.Array ? e[e.GetArrayLength() - 1] : e).GetString() ?? throw new FormatException("a name is null");
    }
}
