using System.Text.Json;

namespace IlgpuXai.Engine;

/// <summary>Where one array lies in a safetensors file: bytes Begin … End−1 of the data part.</summary>
readonly record struct SafetensorsEntry(DType Type, Shape Shape, long Begin, long End);

/// <summary>The JSON header of a safetensors file: {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, …, "__metadata__": {"key": "text"}}.</summary>
/// <remarks>
/// Accepts what the format's description allows and nothing else: the arrays fill the data part without gap or overlap, and
/// every size follows from shape and type. Each refusal is a <see cref="FormatException"/> of one line.
/// </remarks>
sealed class SafetensorsHeader
{
    const string MetadataKey = "__metadata__";

    public Dictionary<string, SafetensorsEntry> Entries { get; } = [];
    public Dictionary<string, string> Metadata { get; } = [];

    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength)
    {
        var header = new SafetensorsHeader();
        try
        {
            var reader = new Utf8JsonReader(json);
            header.Read(ref reader);
        }
        catch (JsonException e)
        {
            throw new FormatException($"header is not JSON: {FirstSentence(e.Message)}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException("header holds text that is not Unicode", e);
        }
        header.CheckLayout(dataLength);
        return header;
    }

    void Read(ref Utf8JsonReader reader)
    {
        reader.Read();
        Expect(reader, JsonTokenType.StartObject, "header");
        bool hasMetadata = false;
        while (NextKey(ref reader, out string name))
        {
            if (name != MetadataKey)
            {
                if (!Entries.TryAdd(name, ReadEntry(ref reader, name))) throw new FormatException($"two arrays are named '{name}'");
            }
            else if (hasMetadata) throw new FormatException($"{MetadataKey} appears twice");
            else
            {
                hasMetadata = true;
                ReadMetadata(ref reader);
            }
        }
        if (reader.Read()) throw new FormatException("header goes on after its end");
    }

    void ReadMetadata(ref Utf8JsonReader reader)
    {
        reader.Read();
        Expect(reader, JsonTokenType.StartObject, MetadataKey);
        while (NextKey(ref reader, out string key))
        {
            reader.Read();
            Expect(reader, JsonTokenType.String, $"{MetadataKey} '{key}'");
            if (!Metadata.TryAdd(key, reader.GetString()!)) throw new FormatException($"{MetadataKey} '{key}' appears twice");
        }
    }

    static SafetensorsEntry ReadEntry(ref Utf8JsonReader reader, string name)
    {
        (string? type, List<long>? sizes, List<long>? offsets) = (null, null, null);
        reader.Read();
        Expect(reader, JsonTokenType.StartObject, $"'{name}'");
        while (NextKey(ref reader, out string key))
        {
            if (key switch { "dtype" => type is not null, "shape" => sizes is not null, "data_offsets" => offsets is not null, _ => throw new FormatException($"'{name}' has an unknown field '{key}'") })
                throw new FormatException($"'{name}' has two fields '{key}'");
            if (key == "shape") sizes = ReadNumbers(ref reader, $"shape of '{name}'");
            else if (key == "data_offsets") offsets = ReadNumbers(ref reader, $"data_offsets of '{name}'");
            else
            {
                reader.Read();
                Expect(reader, JsonTokenType.String, $"dtype of '{name}'");
                type = reader.GetString();
            }
        }
        if (type is null || sizes is null || offsets is null) throw new FormatException($"'{name}' lacks {(type is null ? "dtype" : sizes is null ? "shape" : "data_offsets")}");
        if (offsets.Count != 2) throw new FormatException($"data_offsets of '{name}' are {offsets.Count} numbers, 2 were expected");
        return new(TypeOf(type, name), ShapeOf(sizes, name), offsets[0], offsets[1]);
    }

    void CheckLayout(long dataLength)
    {
        long end = 0;
        foreach (var (name, e) in Entries.OrderBy(e => e.Value.Begin).ThenBy(e => e.Value.End))
        {
            if (e.End < e.Begin) throw new FormatException($"'{name}' ends at {e.End} before it begins at {e.Begin}");
            if (e.End > dataLength) throw new FormatException($"'{name}' ends at {e.End}, the file has {dataLength} bytes of data");
            long size = (long)e.Shape.Elements * e.Type.Size();
            if (e.End - e.Begin != size) throw new FormatException($"'{name}' {e.Shape} of {e.Type} takes {size} bytes, its offsets span {e.End - e.Begin}");
            if (e.Begin != end) throw new FormatException($"'{name}' begins at {e.Begin}, {(e.Begin < end ? "inside the array before it" : "leaving a gap")}: {end} was expected");
            end = e.End;
        }
        if (end != dataLength) throw new FormatException($"{dataLength - end} bytes follow the last array");
    }

    static bool NextKey(ref Utf8JsonReader reader, out string key)
    {
        reader.Read();
        bool more = reader.TokenType == JsonTokenType.PropertyName;
        key = more ? reader.GetString()! : "";
        return more;
    }

    static List<long> ReadNumbers(ref Utf8JsonReader reader, string what)
    {
        var numbers = new List<long>();
        reader.Read();
        Expect(reader, JsonTokenType.StartArray, what);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0)
                throw new FormatException($"{what} must be whole numbers from 0 to 2⁶³ − 1");
            numbers.Add(number);
        }
        return numbers;
    }

    static DType TypeOf(string type, string name) => DTypes.ByName.TryGetValue(type, out var known) ? known
        : throw new FormatException($"'{name}' has dtype '{type}'; known are {string.Join(", ", DTypes.ByName.Keys)}");

    static Shape ShapeOf(List<long> sizes, string name)
    {
        UInt128 count = 1;
        foreach (long size in sizes)
            if ((count *= (UInt128)size) > int.MaxValue || size > int.MaxValue) throw new FormatException($"'{name}' [{string.Join(", ", sizes)}] has more than {int.MaxValue} elements");
        return Shape.Create([.. sizes.Select(s => (int)s)]);
    }

    static void Expect(in Utf8JsonReader reader, JsonTokenType type, string what)
    {
        if (reader.TokenType != type) throw new FormatException($"{what} must be {(type == JsonTokenType.StartObject ? "an object" : type == JsonTokenType.StartArray ? "an array" : "text")}");
    }

    static string FirstSentence(string message) => message.Split(". ")[0].ReplaceLineEndings(" ").TrimEnd('.');
}
