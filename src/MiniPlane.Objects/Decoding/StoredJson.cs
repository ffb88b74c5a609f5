using System.Text.Json;
using System.Text.Json.Nodes;

namespace MiniPlane.Objects.Decoding;

/// <summary>
/// Takes a stored object apart into nodes. Scalars become values that are read without parsing again, property names are shared, and
/// <c>managedFields</c>, which hardly anyone looks into, stays one piece of text until somebody does.
/// </summary>
internal static class StoredJson
{
    public static JsonObject? Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 1000 });
        reader.Read();
        return ReadValue(ref reader) as JsonObject;
    }

    private static JsonNode? ReadValue(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader),
        JsonTokenType.StartArray => ReadArray(ref reader),
        _ => JsonScalars.Read(ref reader),
    };

    private static JsonObject ReadObject(ref Utf8JsonReader reader)
    {
        var map = new JsonObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isOwnership = reader.ValueTextEquals("managedFields"u8);
            string name = PropertyNames.Read(ref reader);
            reader.Read();
            map[name] = isOwnership && reader.TokenType == JsonTokenType.StartArray
                ? JsonArray.Create(JsonElement.ParseValue(ref reader))
                : ReadValue(ref reader);
        }

        return map;
    }

    private static JsonArray ReadArray(ref Utf8JsonReader reader)
    {
        var list = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            list.Add(ReadValue(ref reader));
        }

        return list;
    }
}
