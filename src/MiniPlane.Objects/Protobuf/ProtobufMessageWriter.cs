using System.Globalization;
using System.Text.Json;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Protobuf;

/// <summary>
/// Writes an object that is JSON as a message of a catalogue type: the reverse of <see cref="ProtobufMessageReader"/>. Numbers, flags
/// and texts that JSON leaves out are left out here too; readers take them for zero.
/// </summary>
internal static class ProtobufMessageWriter
{
    // No field of the API is embedded more than two messages deep.
    private const int DeepestEmbedding = 4;

    public static void Write(ProtobufBuffer buffer, TypeDefinition type, JsonElement json)
    {
        IReadOnlyList<int> embedding = [];
        Span<int> open = stackalloc int[DeepestEmbedding];
        int depth = 0;
        foreach (MessageLayout.Entry entry in MessageLayout.Of(type).Fields)
        {
            if (!json.TryGetProperty(entry.Name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            FieldDefinition field = entry.Field;
            int common = CommonLength(embedding, field.ProtoEmbedding);
            Close(buffer, open, ref depth, common);
            embedding = field.ProtoEmbedding;
            while (depth < embedding.Count)
            {
                open[depth] = buffer.Begin(embedding[depth]);
                depth++;
            }

            WriteField(buffer, type, field, value);
        }

        Close(buffer, open, ref depth, 0);
    }

    private static int CommonLength(IReadOnlyList<int> left, IReadOnlyList<int> right)
    {
        int at = 0;
        while (at < left.Count && at < right.Count && left[at] == right[at])
        {
            at++;
        }

        return at;
    }

    private static void Close(ProtobufBuffer buffer, Span<int> open, ref int depth, int remaining)
    {
        while (depth > remaining)
        {
            buffer.End(open[--depth]);
        }
    }

    private static void WriteField(ProtobufBuffer buffer, TypeDefinition owner, FieldDefinition field, JsonElement value)
    {
        switch (field.Shape)
        {
            case FieldShape.List:
                foreach (JsonElement item in value.EnumerateArray())
                {
                    WriteValue(buffer, owner, field.Type, field.ProtoNumber, item);
                }

                break;
            case FieldShape.Map or FieldShape.MapOfLists:
                foreach (JsonProperty entry in value.EnumerateObject().OrderBy(entry => entry.Name, StringComparer.Ordinal))
                {
                    WriteEntry(buffer, owner, field, entry);
                }

                break;
            default:
                WriteValue(buffer, owner, field.Type, field.ProtoNumber, value);
                break;
        }
    }

    private static void WriteEntry(ProtobufBuffer buffer, TypeDefinition owner, FieldDefinition field, JsonProperty entry)
    {
        int start = buffer.Begin(field.ProtoNumber);
        buffer.Text(1, entry.Name);
        if (field.Shape == FieldShape.MapOfLists)
        {
            int list = buffer.Begin(2);
            foreach (JsonElement item in entry.Value.EnumerateArray())
            {
                WriteValue(buffer, owner, field.Type, 1, item);
            }

            buffer.End(list);
        }
        else
        {
            WriteValue(buffer, owner, field.Type, 2, entry.Value);
        }

        buffer.End(start);
    }

    private static void WriteValue(ProtobufBuffer buffer, TypeDefinition owner, TypeDefinition type, int number, JsonElement value)
    {
        switch (value.ValueKind == JsonValueKind.Null ? TypeForm.Any : type.Form)
        {
            case TypeForm.String:
                buffer.Text(number, value);
                break;
            case TypeForm.Boolean:
                buffer.Flag(number, value.GetBoolean());
                break;
            case TypeForm.Int32 or TypeForm.Int64:
                buffer.Number(number, value.GetInt64());
                break;
            case TypeForm.Double:
                buffer.Double(number, value.GetDouble());
                break;
            case TypeForm.Bytes:
                buffer.Bytes(number, value.GetBytesFromBase64());
                break;
            default:
                int start = buffer.Begin(number);
                WriteMessage(buffer, owner, type, value);
                buffer.End(start);
                break;
        }
    }

    private static void WriteMessage(ProtobufBuffer buffer, TypeDefinition owner, TypeDefinition type, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null && type.Form != TypeForm.Any)
        {
            return;
        }

        switch (type.Form)
        {
            case TypeForm.Object:
                Write(buffer, type, value);
                break;
            case TypeForm.Time or TypeForm.MicroTime:
                WriteTime(buffer, type.Form, value);
                break;
            case TypeForm.Quantity:
                buffer.Text(1, value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText());
                break;
            case TypeForm.IntOrString:
                bool isText = value.ValueKind == JsonValueKind.String;
                buffer.Number(1, isText ? 1 : 0);
                buffer.Number(2, isText ? 0 : value.GetInt64());
                buffer.Text(3, isText ? value.GetString() : "");
                break;
            case TypeForm.Any when SchemaUnions.Is(type):
                SchemaUnions.Write(buffer, owner, type, value);
                break;
            default:
                buffer.Text(1, value.GetRawText());
                break;
        }
    }

    private static void WriteTime(ProtobufBuffer buffer, TypeForm form, JsonElement value)
    {
        var time = DateTimeOffset.Parse(value.GetString() ?? "", CultureInfo.InvariantCulture);
        buffer.Number(1, time.ToUnixTimeSeconds());
        buffer.Number(2, form == TypeForm.MicroTime ? time.Ticks % TimeSpan.TicksPerSecond * 100 : 0);
    }
}
