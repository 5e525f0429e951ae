using System.Text.Json;
using System.Text.Json.Serialization;

namespace IlgpuXai.Data;

/// <summary>A <see cref="Preprocessing"/> in JSON: its text.</summary>
sealed class PreprocessingJson : JsonConverter<Preprocessing>
{
    public override Preprocessing Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string text = reader.TokenType == JsonTokenType.String ? reader.GetString()! : throw new JsonException("preprocessing: a text was expected");
        try { return Preprocessing.Parse(text); }
        catch (FormatException e) { throw new JsonException(e.Message, e); }
    }

    public override void Write(Utf8JsonWriter writer, Preprocessing value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
