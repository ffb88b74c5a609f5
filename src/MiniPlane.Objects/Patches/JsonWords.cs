using System.Text.Json;
using System.Text.Json.Nodes;

namespace MiniPlane.Objects.Patches;

/// <summary>What error texts call the kinds of JSON values.</summary>
internal static class JsonWords
{
    public static string Of(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => "null",
    };
}
