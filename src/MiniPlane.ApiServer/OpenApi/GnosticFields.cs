using System.Collections.Frozen;
using System.Text.Json;
using MiniPlane.Objects.Protobuf;

namespace MiniPlane.ApiServer.OpenApi;

/// <summary>
/// The fields of gnostic's messages: JSON name, number, and how the value is written. A name that begins with <c>x-</c> is an extension,
/// whose value stands there as YAML text; JSON is YAML.
/// </summary>
internal static class GnosticFields
{
    private static readonly FrozenDictionary<GnosticMessage, FrozenDictionary<string, Field>> Messages = new Dictionary<GnosticMessage, Field[]>
    {
        [GnosticMessage.Document] = [new("swagger", 1), new("info", 2, GnosticMessage.Info), new("paths", 8, GnosticMessage.Paths), new("definitions", 9, GnosticMessage.Definitions)],
        [GnosticMessage.Info] = [new("title", 1), new("version", 2), new("description", 3)],
        [GnosticMessage.PathItem] =
        [
            new("get", 2, GnosticMessage.Operation), new("put", 3, GnosticMessage.Operation), new("post", 4, GnosticMessage.Operation),
            new("delete", 5, GnosticMessage.Operation), new("options", 6, GnosticMessage.Operation), new("head", 7, GnosticMessage.Operation),
            new("patch", 8, GnosticMessage.Operation), new("parameters", 9) { Form = Form.Parameters },
        ],
        [GnosticMessage.Operation] =
        [
            new("tags", 1), new("summary", 2), new("description", 3), new("operationId", 5), new("produces", 6), new("consumes", 7),
            new("parameters", 8) { Form = Form.Parameters }, new("responses", 9, GnosticMessage.Responses), new("schemes", 10), new("deprecated", 11),
        ],
        [GnosticMessage.BodyParameter] = [new("description", 1), new("name", 2), new("in", 3), new("required", 4), new("schema", 5, GnosticMessage.Schema)],
        [GnosticMessage.QueryParameter] =
            [new("required", 1), new("in", 2), new("description", 3), new("name", 4), new("type", 6), new("format", 7), new("uniqueItems", 20)],
        [GnosticMessage.PathParameter] =
            [new("required", 1), new("in", 2), new("description", 3), new("name", 4), new("type", 5), new("format", 6), new("uniqueItems", 19)],
        [GnosticMessage.Response] = [new("description", 1), new("schema", 2) { Form = Form.SchemaItem }],
        [GnosticMessage.Schema] =
        [
            new("$ref", 1), new("format", 2), new("title", 3), new("description", 4), new("default", 5) { Form = Form.Any },
            new("multipleOf", 6) { Form = Form.Double }, new("maximum", 7) { Form = Form.Double }, new("exclusiveMaximum", 8),
            new("minimum", 9) { Form = Form.Double }, new("exclusiveMinimum", 10), new("maxLength", 11), new("minLength", 12), new("pattern", 13),
            new("maxItems", 14), new("minItems", 15), new("uniqueItems", 16), new("maxProperties", 17), new("minProperties", 18),
            new("required", 19), new("enum", 20) { Form = Form.Any }, new("additionalProperties", 21) { Form = Form.AdditionalProperties },
            new("type", 22) { Form = Form.Wrapped }, new("items", 23) { Form = Form.SchemaItem }, new("allOf", 24, GnosticMessage.Schema),
            new("properties", 25, GnosticMessage.Properties), new("readOnly", 27), new("example", 30) { Form = Form.Any },
        ],
    }.ToFrozenDictionary(pair => pair.Key, pair => pair.Value.ToFrozenDictionary(field => field.Name, StringComparer.Ordinal));

    /// <summary>Where a message keeps its extensions.</summary>
    private static readonly FrozenDictionary<GnosticMessage, int> Extensions = new Dictionary<GnosticMessage, int>
    {
        [GnosticMessage.Document] = 16,
        [GnosticMessage.Info] = 7,
        [GnosticMessage.PathItem] = 10,
        [GnosticMessage.Operation] = 13,
        [GnosticMessage.BodyParameter] = 6,
        [GnosticMessage.QueryParameter] = 23,
        [GnosticMessage.PathParameter] = 22,
        [GnosticMessage.Response] = 5,
        [GnosticMessage.Schema] = 31,
    }.ToFrozenDictionary();

    private enum Form
    {
        /// <summary>As the JSON value is: text, flag, number; a list of texts as a repeated field.</summary>
        Plain,
        Double,

        /// <summary>A message with the field <c>yaml</c> (2).</summary>
        Any,

        /// <summary>A message whose field 1 is a text.</summary>
        Wrapped,

        /// <summary>A message whose field 1 is a schema.</summary>
        SchemaItem,

        /// <summary>A schema (1) or a flag (2).</summary>
        AdditionalProperties,
        Parameters,
        Message,
    }

    public static void Write(ProtobufBuffer buffer, GnosticMessage message, JsonElement json)
    {
        switch (message)
        {
            case GnosticMessage.Paths:
                WriteNamed(buffer, 2, json, (entry, value) => WriteMessage(entry, 2, GnosticMessage.PathItem, value));
                return;
            case GnosticMessage.Definitions or GnosticMessage.Properties:
                WriteNamed(buffer, 1, json, (entry, value) => WriteMessage(entry, 2, GnosticMessage.Schema, value));
                return;
            case GnosticMessage.Responses:
                WriteNamed(buffer, 1, json, WriteResponseValue);
                return;
            default:
                WriteFields(buffer, message, json);
                return;
        }
    }

    private static void WriteFields(ProtobufBuffer buffer, GnosticMessage message, JsonElement json)
    {
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (Messages[message].TryGetValue(property.Name, out Field? field))
            {
                WriteField(buffer, field, property.Value);
            }
            else if (property.Name.StartsWith("x-", StringComparison.Ordinal))
            {
                int named = buffer.Begin(Extensions[message]);
                buffer.Text(1, property.Name);
                GnosticValues.WriteAny(buffer, 2, property.Value);
                buffer.End(named);
            }
        }
    }

    private static void WriteField(ProtobufBuffer buffer, Field field, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array && field.Form is not Form.SchemaItem)
        {
            foreach (JsonElement item in value.EnumerateArray())
            {
                WriteOne(buffer, field, item);
            }

            return;
        }

        WriteOne(buffer, field, value);
    }

    private static void WriteOne(ProtobufBuffer buffer, Field field, JsonElement value)
    {
        switch (field.Form)
        {
            case Form.Message:
                WriteMessage(buffer, field.Number, field.Message, value);
                break;
            case Form.Double:
                buffer.Double(field.Number, value.GetDouble());
                break;
            case Form.Any:
                GnosticValues.WriteAny(buffer, field.Number, value);
                break;
            case Form.Wrapped or Form.SchemaItem or Form.AdditionalProperties:
                int wrapper = buffer.Begin(field.Number);
                WriteWrapped(buffer, field.Form, value);
                buffer.End(wrapper);
                break;
            case Form.Parameters:
                WriteParameter(buffer, field.Number, value);
                break;
            default:
                GnosticValues.WritePlain(buffer, field.Number, value);
                break;
        }
    }

    private static void WriteWrapped(ProtobufBuffer buffer, Form form, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            WriteMessage(buffer, 1, GnosticMessage.Schema, value);
        }
        else
        {
            GnosticValues.WritePlain(buffer, form == Form.AdditionalProperties ? 2 : 1, value);
        }
    }

    private static void WriteMessage(ProtobufBuffer buffer, int number, GnosticMessage message, JsonElement value)
    {
        int start = buffer.Begin(number);
        Write(buffer, message, value);
        buffer.End(start);
    }

    // Each entry of a map is a message of its name and its value.
    private static void WriteNamed(ProtobufBuffer buffer, int number, JsonElement map, Action<ProtobufBuffer, JsonElement> writeValue)
    {
        foreach (JsonProperty property in map.EnumerateObject())
        {
            int named = buffer.Begin(number);
            buffer.Text(1, property.Name);
            writeValue(buffer, property.Value);
            buffer.End(named);
        }
    }

    private static void WriteResponseValue(ProtobufBuffer buffer, JsonElement value)
    {
        int response = buffer.Begin(2);
        WriteMessage(buffer, 1, GnosticMessage.Response, value);
        buffer.End(response);
    }

    // ParametersItem.parameter, then Parameter.body_parameter or Parameter.non_body_parameter with the place where it stands.
    private static void WriteParameter(ProtobufBuffer buffer, int number, JsonElement value)
    {
        string place = value.GetProperty("in").GetString() ?? "";
        int item = buffer.Begin(number);
        int parameter = buffer.Begin(1);
        if (place == "body")
        {
            WriteMessage(buffer, 1, GnosticMessage.BodyParameter, value);
        }
        else
        {
            int other = buffer.Begin(2);
            bool isPath = place == "path";
            WriteMessage(buffer, isPath ? 4 : 3, isPath ? GnosticMessage.PathParameter : GnosticMessage.QueryParameter, value);
            buffer.End(other);
        }

        buffer.End(parameter);
        buffer.End(item);
    }

    private sealed record Field(string Name, int Number)
    {
        public Field(string name, int number, GnosticMessage message)
            : this(name, number)
        {
            Form = Form.Message;
            Message = message;
        }

        public Form Form { get; init; }

        public GnosticMessage Message { get; }
    }
}
