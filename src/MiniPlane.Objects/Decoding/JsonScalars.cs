using System.Text.Json;
using System.Text.Json.Nodes;

namespace MiniPlane.Objects.Decoding;

/// <summary>Makes nodes of scalars that are read many times, without a document of its own for each.</summary>
internal static class JsonScalars
{
    public static JsonNode? Read(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => JsonValue.Create(ReadText(ref reader)),
        JsonTokenType.True => JsonValue.Create(true),
        JsonTokenType.False => JsonValue.Create(false),
        JsonTokenType.Null => null,
        JsonTokenType.Number when IsPlain(ref reader) && reader.TryGetInt64(out long number) => JsonValue.Create(number),
        _ => JsonNode.Parse(ref reader),
    };

    private static string? ReadText(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException exception)
        {
            throw new JsonException("invalid character in string literal", exception);
        }
    }

    // -0 must stay what it is; every other whole number without fraction and exponent is written as it was read.
    private static bool IsPlain(ref Utf8JsonReader reader) => !reader.HasValueSequence && !reader.ValueSpan.StartsWith("-0"u8);
}
