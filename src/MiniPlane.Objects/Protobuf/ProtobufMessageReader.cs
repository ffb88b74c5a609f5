using System.Text.Json.Nodes;
using Google.Protobuf;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Decoding;

namespace MiniPlane.Objects.Protobuf;

/// <summary>Reads one message of a catalogue type into JSON. Fields with unknown numbers are skipped, as protobuf wants it.</summary>
internal readonly struct ProtobufMessageReader(TypeDefinition type, int depth = 0)
{
    // Objects nest by themselves only in JSON schemas; this is far beyond any real one and protects the stack.
    private const int DeepestMessage = 100;

    public JsonObject Read(ByteString bytes)
    {
        if (depth > DeepestMessage)
        {
            throw new InvalidDataException("messages are nested too deeply");
        }

        var json = new JsonObject();
        ReadInto(json, bytes, []);
        return json;
    }

    // embedding: the numbers of the embedded messages around these bytes, whose fields belong to the same JSON object.
    private void ReadInto(JsonObject json, ByteString bytes, int[] embedding)
    {
        CodedInputStream input = bytes.CreateCodedInput();
        while (input.ReadTag() is not 0 and uint tag)
        {
            int number = WireFormat.GetTagFieldNumber(tag);
            int[] below = [.. embedding, number];
            if (type.Fields.FirstOrDefault(field => field.ProtoNumber == number && field.ProtoEmbedding.SequenceEqual(embedding)) is { } field)
            {
                ReadField(json, field, input, WireFormat.GetTagWireType(tag));
            }
            else if (type.Fields.Any(field => field.ProtoEmbedding.Take(below.Length).SequenceEqual(below)))
            {
                ReadInto(json, input.ReadBytes(), below);
            }
            else
            {
                input.SkipLastField();
            }
        }
    }

    private void ReadField(JsonObject json, FieldDefinition field, CodedInputStream input, WireFormat.WireType wire)
    {
        switch (field.Shape)
        {
            case FieldShape.List:
                ReadItem(ListOf(json, field.Name), field, input, wire);
                break;
            case FieldShape.Map or FieldShape.MapOfLists:
                ReadEntry(MapOf(json, field.Name), field, input.ReadBytes());
                break;
            default:
                JsonNode? value = ReadValue(field.Type, input);
                if (value is not null && !(field.OmitsZero && ScalarDecoder.IsZero(value, field.Type.Form)))
                {
                    json[field.Name] = value;
                }

                break;
        }
    }

    private void ReadItem(JsonArray list, FieldDefinition field, CodedInputStream input, WireFormat.WireType wire)
    {
        bool isPacked = wire == WireFormat.WireType.LengthDelimited
            && field.Type.Form is TypeForm.Int32 or TypeForm.Int64 or TypeForm.Boolean or TypeForm.Double;
        if (!isPacked)
        {
            list.Add(ReadValue(field.Type, input));
            return;
        }

        CodedInputStream packed = input.ReadBytes().CreateCodedInput();
        while (!packed.IsAtEnd)
        {
            list.Add(ReadValue(field.Type, packed));
        }
    }

    private void ReadEntry(JsonObject map, FieldDefinition field, ByteString entry)
    {
        string key = "";
        JsonNode? value = null;
        CodedInputStream input = entry.CreateCodedInput();
        while (input.ReadTag() is not 0 and uint tag)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1:
                    key = input.ReadString();
                    break;
                case 2:
                    value = field.Shape == FieldShape.MapOfLists ? ReadItems(field, input.ReadBytes()) : ReadValue(field.Type, input);
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        map[key] = value ?? EmptyValue(field.Type);
    }

    // A map's list is a message with one repeated field.
    private JsonArray ReadItems(FieldDefinition field, ByteString bytes)
    {
        var list = new JsonArray();
        CodedInputStream input = bytes.CreateCodedInput();
        while (input.ReadTag() is not 0)
        {
            list.Add(ReadValue(field.Type, input));
        }

        return list;
    }

    private JsonNode? ReadValue(TypeDefinition valueType, CodedInputStream input) => valueType.Form switch
    {
        TypeForm.String => input.ReadString(),
        TypeForm.Boolean => input.ReadBool(),
        TypeForm.Int32 => input.ReadInt32(),
        TypeForm.Int64 => input.ReadInt64(),
        TypeForm.Double => input.ReadDouble(),
        TypeForm.Bytes => Convert.ToBase64String(input.ReadBytes().Span),
        TypeForm.Object => new ProtobufMessageReader(valueType, depth + 1).Read(input.ReadBytes()),
        TypeForm.Any when SchemaUnions.Is(valueType) => SchemaUnions.Read(type, valueType, input.ReadBytes(), depth),
        _ => ProtobufWellKnown.Read(valueType, input.ReadBytes()),
    };

    private static JsonNode? EmptyValue(TypeDefinition valueType) => valueType.Form switch
    {
        TypeForm.String or TypeForm.Bytes => "",
        TypeForm.Quantity => "0",
        TypeForm.Object => new JsonObject(),
        _ => null,
    };

    private static JsonArray ListOf(JsonObject json, string name)
    {
        if (json[name] is not JsonArray list)
        {
            json[name] = list = [];
        }

        return list;
    }

    private static JsonObject MapOf(JsonObject json, string name)
    {
        if (json[name] is not JsonObject map)
        {
            json[name] = map = [];
        }

        return map;
    }
}
