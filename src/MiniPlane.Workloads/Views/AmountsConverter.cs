using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MiniPlane.Workloads.Views;

/// <summary>Reads resource amounts, which people also write as bare numbers (<c>cpu: 2</c>).</summary>
internal sealed class AmountsConverter : JsonConverter<Dictionary<string, string>>
{
    public override Dictionary<string, string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var amounts = new Dictionary<string, string>(StringComparer.Ordinal);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("resource amounts must be an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString() ?? "";
            reader.Read();
            amounts[name] = reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString() ?? "",
                JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
                _ => throw new JsonException("a resource amount must be a string or a number"),
            };
        }

        return amounts;
    }

    public override void Write(Utf8JsonWriter writer, Dictionary<string, string> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach ((string name, string amount) in value)
        {
            writer.WriteString(name, amount);
        }

        writer.WriteEndObject();
    }
}
