using System.Text.Json;
using MiniPlane.Objects.Protobuf;

namespace MiniPlane.ApiServer.OpenApi;

/// <summary>The values that gnostic's messages of both versions write alike.</summary>
internal static class GnosticValues
{
    /// <summary>A text, a whole number, or true and false.</summary>
    public static void WritePlain(ProtobufBuffer buffer, int number, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                buffer.Text(number, value);
                break;
            case JsonValueKind.Number:
                buffer.Number(number, value.GetInt64());
                break;
            default:
                buffer.Flag(number, value.ValueKind == JsonValueKind.True);
                break;
        }
    }

    /// <summary>gnostic's Any: the value as YAML text; JSON is YAML.</summary>
    public static void WriteAny(ProtobufBuffer buffer, int number, JsonElement value)
    {
        int any = buffer.Begin(number);
        buffer.Text(2, value.GetRawText());
        buffer.End(any);
    }
}
