using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MiniPlane.Cel.Values;

/// <summary>JSON as values and back.</summary>
internal static class JsonValues
{
    public static object? Wrap(JsonNode? node, CelType type)
    {
        switch (node)
        {
            case null:
                return null;
            case JsonObject map:
                return new JsonMap(map, type);
            case JsonArray list:
                return new JsonList(list, type);
            default:
                return Scalar(node, type);
        }
    }

    private static object? Scalar(JsonNode node, CelType type)
    {
        switch (node.GetValueKind())
        {
            case JsonValueKind.True:
                return true;
            case JsonValueKind.False:
                return false;
            case JsonValueKind.String:
                return Text(node.GetValue<string>(), type);
            default:
                string number = node.ToJsonString();
                return type.Kind != CelKind.Double && long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)
                    ? whole
                    : Real(number, type);
        }
    }

    private static object Real(string number, CelType type)
    {
        double real = double.Parse(number, NumberStyles.Float, CultureInfo.InvariantCulture);
        return type.Kind == CelKind.Int && double.IsInteger(real) && Math.Abs(real) < 9.2e18 ? (long)real : real;
    }

    private static object Text(string text, CelType type) => type.Kind switch
    {
        CelKind.Bytes => Convert.FromBase64String(text),
        CelKind.Timestamp => CelTimes.ParseTimestamp(text.Length == 10 ? text + "T00:00:00Z" : text),
        CelKind.Duration => CelTimes.ParseDuration(text),
        _ => text,
    };

    public static JsonNode? ToJson(object? value)
    {
        switch (value)
        {
            case null:
                return null;
            case JsonMap map:
                return map.Json.DeepClone();
            case JsonList list:
                return list.Json.DeepClone();
            case bool flag:
                return JsonValue.Create(flag);
            case long number:
                return JsonValue.Create(number);
            case ulong number:
                return JsonValue.Create(number);
            case double number:
                return double.IsInteger(number) && Math.Abs(number) < 9e15 ? JsonValue.Create((long)number) : JsonValue.Create(number);
            case string text:
                return JsonValue.Create(text);
            case byte[] bytes:
                return JsonValue.Create(Convert.ToBase64String(bytes));
            case CelOptional optional:
                return optional.HasValue ? ToJson(optional.Value) : null;
            case CelMap map:
                return ToObject(map);
            case IEnumerable<object?> list:
                return new JsonArray([.. list.Select(ToJson)]);
            default:
                return JsonValue.Create(CelText.Of(value));
        }
    }

    private static JsonObject ToObject(CelMap map)
    {
        var json = new JsonObject();
        foreach (object? key in map.Keys)
        {
            map.TryGet(key, out object? value);
            if (value is not CelOptional { HasValue: false })
            {
                json[CelText.Of(key)] = ToJson(value);
            }
        }

        return json;
    }
}
