using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Text;
using System.Text.Json.Nodes;

namespace MiniPlane.ApiServer.Tests.OpenApi;

/// <summary>
/// Reads gnostic's openapi.v3 messages back into JSON, from the message definitions as they are published: number, JSON name, type. A star is a
/// repeated field, NamedX a map's entry, XOrReference either of two.
/// </summary>
internal static class GnosticReader
{
    private const string Definitions = """
        Document: 1 openapi string, 2 info Info, 4 paths Paths, 5 components Components, 9 x- *Any
        Info: 1 title string, 2 description string, 6 version string, 7 x- *Any
        Paths: 1 - *PathItem
        PathItem: 4 get Operation, 5 put Operation, 6 post Operation, 7 delete Operation, 8 options Operation, 9 head Operation, 10 patch Operation, 13 parameters *Parameter?, 14 x- *Any
        Operation: 1 tags *string, 2 summary string, 3 description string, 5 operationId string, 6 parameters *Parameter?, 7 requestBody RequestBody?, 8 responses Responses, 10 deprecated bool, 13 x- *Any
        Parameter: 1 name string, 2 in string, 3 description string, 4 required bool, 10 schema Schema?, 14 x- *Any
        RequestBody: 1 description string, 2 content MediaTypes, 3 required bool, 4 x- *Any
        MediaTypes: 1 - *MediaType
        MediaType: 1 schema Schema?, 5 x- *Any
        Responses: 1 default Response?, 2 - *Response?, 3 x- *Any
        Response: 1 description string, 3 content MediaTypes, 5 x- *Any
        Components: 1 schemas Schemas, 10 x- *Any
        Schemas: 1 - *Schema?
        Items: 1 item Schema?
        AdditionalProperties: 1 item Schema?, 2 item bool
        Default: 1 item double, 2 item bool, 3 item string
        Schema: 1 nullable bool, 3 readOnly bool, 4 writeOnly bool, 7 example any, 8 deprecated bool, 9 title string, 10 multipleOf double, 11 maximum double, 12 exclusiveMaximum bool, 13 minimum double, 14 exclusiveMinimum bool, 15 maxLength int, 16 minLength int, 17 pattern string, 18 maxItems int, 19 minItems int, 20 uniqueItems bool, 21 maxProperties int, 22 minProperties int, 23 required *string, 24 enum *any, 25 type string, 26 allOf *Schema?, 27 oneOf *Schema?, 28 anyOf *Schema?, 29 not Schema, 30 items Items, 31 properties Schemas, 32 additionalProperties AdditionalProperties, 33 default Default, 34 description string, 35 format string, 36 x- *Any
        """;

    private static readonly FrozenDictionary<string, FrozenDictionary<int, (string Name, string Type)>> Messages = Definitions
        .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => line.Split(": "))
        .ToFrozenDictionary(
            parts => parts[0],
            parts => parts[1].Split(", ").Select(field => field.Split(' ')).ToFrozenDictionary(
                words => int.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture), words => (words[1], words[2])));

    public static JsonObject Read(ReadOnlySpan<byte> bytes, string message = "Document")
    {
        var made = new JsonObject();
        while (bytes.Length > 0)
        {
            ulong key = Varint(ref bytes);
            (string name, string type) = Messages[message][(int)(key >> 3)];
            bool isRepeated = type.StartsWith('*');
            type = type.TrimStart('*');
            if (name is "-" or "x-")
            {
                // An entry of a map: the name, then the value.
                ReadOnlySpan<byte> entry = Bytes(ref bytes);
                Assert.Equal(0x0AUL, Varint(ref entry));
                string entryName = Encoding.UTF8.GetString(Bytes(ref entry));
                Assert.Equal(0x12UL, Varint(ref entry));
                made.Add(entryName, Value(ref entry, 2, name == "x-" ? "any" : type));
                Assert.Equal(0, entry.Length);
                continue;
            }

            JsonNode? value = Value(ref bytes, (int)(key & 7), type);
            if (!isRepeated)
            {
                made.Add(name, value);
                continue;
            }

            if (!made.TryGetPropertyValue(name, out JsonNode? list))
            {
                made[name] = list = new JsonArray();
            }

            list!.AsArray().Add(value);
        }

        return made;
    }

    private static JsonNode? Value(ref ReadOnlySpan<byte> bytes, int wire, string type)
    {
        Assert.Equal(type switch { "int" or "bool" => 0, "double" => 1, _ => 2 }, wire);
        switch (type)
        {
            case "string": return Encoding.UTF8.GetString(Bytes(ref bytes));
            case "bool": return Varint(ref bytes) == 1;
            case "int": return (long)Varint(ref bytes);
            case "double":
                double number = BinaryPrimitives.ReadDoubleLittleEndian(bytes);
                bytes = bytes[8..];
                return number;
            case "any":
                ReadOnlySpan<byte> any = Bytes(ref bytes);
                Assert.Equal(0x12UL, Varint(ref any));
                return JsonNode.Parse(Bytes(ref any));
            case "Items" or "AdditionalProperties" or "Default":
                return Read(Bytes(ref bytes), type)["item"]?.DeepClone();
            case [.. string either, '?']:
                ReadOnlySpan<byte> choice = Bytes(ref bytes);
                if (Varint(ref choice) == 0x0A)
                {
                    return Read(Bytes(ref choice), either);
                }

                ReadOnlySpan<byte> reference = Bytes(ref choice);
                Assert.Equal(0x0AUL, Varint(ref reference));
                return new JsonObject { ["$ref"] = Encoding.UTF8.GetString(Bytes(ref reference)) };
            default:
                return Read(Bytes(ref bytes), type);
        }
    }

    private static ReadOnlySpan<byte> Bytes(ref ReadOnlySpan<byte> bytes)
    {
        int length = (int)Varint(ref bytes);
        ReadOnlySpan<byte> found = bytes[..length];
        bytes = bytes[length..];
        return found;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = bytes[0];
            bytes = bytes[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
