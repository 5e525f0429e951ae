using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using IlgpuXai.Data;

namespace IlgpuXai.Experiments;

/// <summary>How everything is written as JSON: camel case, indented, numbers that read back to the same bits, NaN and infinities as strings.</summary>
public static class Json
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    static readonly JsonSerializerOptions s_line = new(Options) { WriteIndented = false };

    /// <param name="remedy">What the user can do about a damaged file.</param>
    /// <exception cref="DataException">The file cannot be read, or is not JSON of this kind.</exception>
    internal static T ReadFile<T>(string path, string remedy)
    {
        try { return JsonSerializer.Deserialize<T>(File.ReadAllText(path), Options) ?? throw new JsonException(); }
        catch (JsonException e) { throw new DataException(path, $"is damaged: not the JSON this program writes there; {remedy}", e); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new DataException(path, $"cannot be read: {e.Message}", e); }
    }

    /// <summary>In one line.</summary>
    public static string Line<T>(T value) => JsonSerializer.Serialize(value, s_line);

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options) + "\n";
}
