using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Protobuf;

/// <summary>
/// The three types of a schema's fields whose JSON is one thing or another: a schema or a flag, a schema or a list of schemas, a schema
/// or a list of names. As messages they have a field for each. They stand only in JSONSchemaProps, which is the schema's type.
/// </summary>
internal static class SchemaUnions
{
    private const string Prefix = "apiextensions.v1.JSONSchemaPropsOr";

    public static bool Is(TypeDefinition type) => type.Name.StartsWith(Prefix, StringComparison.Ordinal);

    public static void Write(ProtobufBuffer buffer, TypeDefinition schema, TypeDefinition union, JsonElement value)
    {
        bool hasFlag = HasFlag(union);
        switch (value.ValueKind)
        {
            case JsonValueKind.True or JsonValueKind.False:
                buffer.Flag(1, value.GetBoolean());
                break;
            case JsonValueKind.Array:
                WriteList(buffer, schema, value);
                break;
            case JsonValueKind.Object:
                if (hasFlag)
                {
                    buffer.Flag(1, true);
                }

                int start = buffer.Begin(hasFlag ? 2 : 1);
                ProtobufMessageWriter.Write(buffer, schema, value);
                buffer.End(start);
                break;
            default:
                break;
        }
    }

    public static JsonNode? Read(TypeDefinition schema, TypeDefinition union, ByteString bytes, int depth)
    {
        bool hasFlag = HasFlag(union);
        JsonNode? one = null;
        JsonArray? several = null;
        CodedInputStream input = bytes.CreateCodedInput();
        while (input.ReadTag() is not 0 and uint tag)
        {
            switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
            {
                case (1, WireFormat.WireType.Varint) when hasFlag:
                    one ??= input.ReadBool();
                    break;
                case (1, WireFormat.WireType.LengthDelimited) when !hasFlag:
                case (2, WireFormat.WireType.LengthDelimited) when hasFlag:
                    one = new ProtobufMessageReader(schema, depth + 1).Read(input.ReadBytes());
                    break;
                case (2, WireFormat.WireType.LengthDelimited):
                    several ??= [];
                    several.Add(union.Name.EndsWith("StringArray", StringComparison.Ordinal)
                        ? input.ReadString()
                        : new ProtobufMessageReader(schema, depth + 1).Read(input.ReadBytes()));
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        return one ?? several;
    }

    private static bool HasFlag(TypeDefinition union) => union.Name.EndsWith("Bool", StringComparison.Ordinal);

    private static void WriteList(ProtobufBuffer buffer, TypeDefinition schema, JsonElement list)
    {
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String)
            {
                buffer.Text(2, item);
                continue;
            }

            int start = buffer.Begin(2);
            ProtobufMessageWriter.Write(buffer, schema, item);
            buffer.End(start);
        }
    }
}
