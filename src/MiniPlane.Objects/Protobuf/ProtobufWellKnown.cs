using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Protobuf;

/// <summary>Types whose JSON is not an object although they are messages on the wire: times, quantities, raw JSON.</summary>
internal static class ProtobufWellKnown
{
    public static JsonNode? Read(TypeDefinition type, ByteString bytes) => type.Form switch
    {
        TypeForm.Time => ReadTime(bytes, "yyyy-MM-dd'T'HH:mm:ss'Z'"),
        TypeForm.MicroTime => ReadTime(bytes, "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"),
        TypeForm.Quantity => ReadFields(bytes).Text(1),
        TypeForm.IntOrString => ReadIntOrString(bytes),
        _ => ReadRaw(bytes),
    };

    // An unset time is an empty message.
    private static JsonNode? ReadTime(ByteString bytes, string format)
    {
        if (bytes.IsEmpty)
        {
            return null;
        }

        Fields fields = ReadFields(bytes);
        if (fields.Number(1) is < -62135596800 or > 253402300799)
        {
            throw new InvalidDataException("a time is out of range");
        }

        DateTimeOffset time = DateTimeOffset.FromUnixTimeSeconds(fields.Number(1)).AddTicks(fields.Number(2) / 100 % TimeSpan.TicksPerSecond);
        return time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
    }

    private static JsonValue ReadIntOrString(ByteString bytes)
    {
        Fields fields = ReadFields(bytes);
        return fields.Number(1) == 0 ? JsonValue.Create((int)fields.Number(2)) : JsonValue.Create(fields.Text(3));
    }

    // RawExtension, JSON and FieldsV1 hold JSON text as their first field.
    private static JsonNode? ReadRaw(ByteString bytes)
    {
        string text = ReadFields(bytes).Text(1);
        try
        {
            return text.Length == 0 ? null : JsonNode.Parse(text);
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"embedded JSON cannot be read: {exception.Message}", exception);
        }
    }

    private static Fields ReadFields(ByteString bytes)
    {
        var fields = new Fields();
        CodedInputStream input = bytes.CreateCodedInput();
        while (input.ReadTag() is not 0 and uint tag)
        {
            int number = WireFormat.GetTagFieldNumber(tag);
            switch (WireFormat.GetTagWireType(tag))
            {
                case WireFormat.WireType.Varint:
                    fields.Numbers[number] = input.ReadInt64();
                    break;
                case WireFormat.WireType.LengthDelimited:
                    fields.Texts[number] = input.ReadBytes().ToStringUtf8();
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        return fields;
    }

    private sealed class Fields
    {
        public Dictionary<int, long> Numbers { get; } = [];

        public Dictionary<int, string> Texts { get; } = [];

        public long Number(int field) => Numbers.GetValueOrDefault(field);

        public string Text(int field) => Texts.GetValueOrDefault(field) ?? "";
    }
}
