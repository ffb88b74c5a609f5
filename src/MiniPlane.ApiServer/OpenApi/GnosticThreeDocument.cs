using System.Text.Json;
using MiniPlane.Objects.Protobuf;

namespace MiniPlane.ApiServer.OpenApi;

/// <summary>
/// An OpenAPI 3 document as the protobuf message that Go clients ask for (gnostic's openapi.v3.Document): made from the JSON form, by a
/// table of field numbers.
/// </summary>
internal static class GnosticThreeDocument
{
    public const string MediaType = "application/com.github.proto-openapi.spec.v3.v1.0+protobuf";

    // Its name with an at sign, which no media type may have, is still asked for by clients before 1.28.
    private const string OldMediaType = "application/com.github.proto-openapi.spec.v3@v1.0+protobuf";

    /// <summary>The Accept header with the type's present name.</summary>
    public static string? Readable(string? accept) => accept?.Replace(OldMediaType, MediaType, StringComparison.OrdinalIgnoreCase);

    public static ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var buffer = new ProtobufBuffer(json.Length);
        WriteFields(buffer, GnosticThreeMessage.Document, document.RootElement);
        return buffer.Written;
    }

    private static void WriteFields(ProtobufBuffer buffer, GnosticThreeMessage message, JsonElement json)
    {
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (GnosticThreeFields.Find(message, property.Name) is { } field)
            {
                WriteField(buffer, field, property.Value);
            }
            else if (property.Name.StartsWith("x-", StringComparison.Ordinal))
            {
                int named = buffer.Begin(GnosticThreeFields.Extension(message));
                buffer.Text(1, property.Name);
                GnosticValues.WriteAny(buffer, 2, property.Value);
                buffer.End(named);
            }
        }
    }

    private static void WriteField(ProtobufBuffer buffer, GnosticThreeField field, JsonElement value)
    {
        bool isRepeated = value.ValueKind == JsonValueKind.Array
            && field.Form is GnosticThreeForm.Plain or GnosticThreeForm.Any or GnosticThreeForm.OrReference;
        if (!isRepeated)
        {
            WriteOne(buffer, field, value);
            return;
        }

        foreach (JsonElement item in value.EnumerateArray())
        {
            WriteOne(buffer, field, item);
        }
    }

    private static void WriteOne(ProtobufBuffer buffer, GnosticThreeField field, JsonElement value)
    {
        switch (field.Form)
        {
            case GnosticThreeForm.Plain:
                GnosticValues.WritePlain(buffer, field.Number, value);
                return;
            case GnosticThreeForm.Double:
                buffer.Double(field.Number, value.GetDouble());
                return;
            case GnosticThreeForm.Any:
                GnosticValues.WriteAny(buffer, field.Number, value);
                return;
            default:
                int start = buffer.Begin(field.Number);
                WriteInner(buffer, field, value);
                buffer.End(start);
                return;
        }
    }

    private static void WriteInner(ProtobufBuffer buffer, GnosticThreeField field, JsonElement value)
    {
        switch (field.Form)
        {
            case GnosticThreeForm.OrReference:
                WriteOrReference(buffer, field.Message, value);
                break;
            case GnosticThreeForm.Map or GnosticThreeForm.MapOrReference or GnosticThreeForm.Responses:
                WriteMap(buffer, field, value);
                break;
            case GnosticThreeForm.Items:
                int item = buffer.Begin(1);
                WriteOrReference(buffer, field.Message, value);
                buffer.End(item);
                break;
            case GnosticThreeForm.AdditionalProperties when value.ValueKind == JsonValueKind.Object:
                int schema = buffer.Begin(1);
                WriteOrReference(buffer, field.Message, value);
                buffer.End(schema);
                break;
            case GnosticThreeForm.AdditionalProperties:
                GnosticValues.WritePlain(buffer, 2, value);
                break;
            case GnosticThreeForm.Default:
                WriteDefault(buffer, value);
                break;
            default:
                WriteFields(buffer, field.Message, value);
                break;
        }
    }

    private static void WriteMap(ProtobufBuffer buffer, GnosticThreeField field, JsonElement map)
    {
        bool isResponses = field.Form == GnosticThreeForm.Responses;
        foreach (JsonProperty property in map.EnumerateObject())
        {
            if (isResponses && property.Name == "default")
            {
                WriteValue(buffer, field, 1, property.Value);
                continue;
            }

            int named = buffer.Begin(isResponses ? 2 : 1);
            buffer.Text(1, property.Name);
            WriteValue(buffer, field, 2, property.Value);
            buffer.End(named);
        }
    }

    private static void WriteValue(ProtobufBuffer buffer, GnosticThreeField field, int number, JsonElement value)
    {
        int start = buffer.Begin(number);
        if (field.Form == GnosticThreeForm.Map)
        {
            WriteFields(buffer, field.Message, value);
        }
        else
        {
            WriteOrReference(buffer, field.Message, value);
        }

        buffer.End(start);
    }

    private static void WriteOrReference(ProtobufBuffer buffer, GnosticThreeMessage message, JsonElement value)
    {
        bool isReference = value.TryGetProperty("$ref", out JsonElement target);
        int start = buffer.Begin(isReference ? 2 : 1);
        if (isReference)
        {
            GnosticValues.WritePlain(buffer, 1, target);
        }
        else
        {
            WriteFields(buffer, message, value);
        }

        buffer.End(start);
    }

    // Objects and lists have no place in gnostic's message: clients get them from the JSON form only, as with upstream.
    private static void WriteDefault(ProtobufBuffer buffer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                buffer.Double(1, value.GetDouble());
                break;
            case JsonValueKind.True or JsonValueKind.False:
                buffer.Flag(2, value.ValueKind == JsonValueKind.True);
                break;
            case JsonValueKind.String:
                buffer.Text(3, value);
                break;
            default:
                break;
        }
    }
}
