using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Apply;

namespace MiniPlane.Objects.Decoding;

/// <summary>
/// Takes a stored object apart into nodes. Scalars become values that are read without parsing again, property names are shared, and
/// <c>managedFields</c>, which hardly anyone looks into, stays one piece of text until somebody does.
/// </summary>
internal static class StoredJson
{
    public static JsonObject? Parse(ReadOnlySpan<byte> utf8) => ParseValue(utf8) as JsonObject;

    /// <summary>A part of a stored object.</summary>
    public static JsonNode? ParseValue(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 1000 });
        reader.Read();
        return ReadValue(ref reader, utf8);
    }

    private static JsonNode? ReadValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8) => reader.TokenType switch
    {
        JsonTokenType.StartObject => ReadObject(ref reader, utf8),
        JsonTokenType.StartArray => ReadArray(ref reader, utf8),
        _ => JsonScalars.Read(ref reader),
    };

    private static JsonObject ReadObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        var map = new JsonObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isOwnership = reader.ValueTextEquals("managedFields"u8);
            string name = PropertyNames.Read(ref reader);
            reader.Read();
            map[name] = isOwnership && reader.TokenType == JsonTokenType.StartArray
                ? Ownership(ref reader, utf8)
                : ReadValue(ref reader, utf8);
        }

        return map;
    }

    private static JsonArray? Ownership(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return OwnershipTexts.Node(utf8[start..(int)reader.BytesConsumed]);
    }

    private static JsonArray ReadArray(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        var list = new JsonArray();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            list.Add(ReadValue(ref reader, utf8));
        }

        return list;
    }
}
