using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.Objects.Decoding;

/// <summary>
/// Turns one JSON scalar into the canonical form of its type. What does not fit gives a <see cref="ScalarProblem"/>.
/// </summary>
internal static class ScalarDecoder
{
    private const string TimeLayout = "2006-01-02T15:04:05Z07:00";

    /// <summary>The canonical value, or null with a problem.</summary>
    public static JsonNode? Decode(JsonValue value, TypeForm form, out ScalarProblem? problem)
    {
        JsonValueKind kind = value.GetValueKind();
        problem = null;
        return form switch
        {
            TypeForm.String => kind == JsonValueKind.String ? value : Mismatch(value, out problem),
            TypeForm.Boolean => kind is JsonValueKind.True or JsonValueKind.False ? value : Mismatch(value, out problem),
            TypeForm.Int32 => DecodeInteger(value, int.MinValue, int.MaxValue, out problem),
            TypeForm.Int64 => DecodeInteger(value, long.MinValue, long.MaxValue, out problem),
            TypeForm.Double => kind == JsonValueKind.Number ? value : Mismatch(value, out problem),
            TypeForm.Bytes => DecodeBytes(value, out problem),
            TypeForm.Time or TypeForm.MicroTime => DecodeTime(value, form, out problem),
            TypeForm.Quantity => DecodeQuantity(value, out problem),
            TypeForm.IntOrString => kind == JsonValueKind.String
                ? value
                : DecodeInteger(value, int.MinValue, int.MaxValue, out problem),
            _ => value,
        };
    }

    /// <summary>Whether a canonical value is the empty one of its form; times, quantities and the like never are.</summary>
    public static bool IsZero(JsonNode value, TypeForm form) => form switch
    {
        TypeForm.String or TypeForm.Bytes => value is JsonValue text && text.TryGetValue(out string? plain) && plain.Length == 0,
        TypeForm.Boolean => value.GetValueKind() == JsonValueKind.False,
        TypeForm.Int32 or TypeForm.Int64 => value.Integer() == 0,
        _ => false,
    };

    private static JsonNode? Mismatch(JsonValue value, out ScalarProblem? problem)
    {
        problem = ScalarProblem.WrongType(Describe(value));
        return null;
    }

    // Go names the number when it is one, but of the wrong sort.
    private static string Describe(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        _ => "bool",
    };

    private static JsonNode? DecodeInteger(JsonValue value, long least, long most, out ScalarProblem? problem)
    {
        problem = null;
        if (value.GetValueKind() != JsonValueKind.Number)
        {
            return Mismatch(value, out problem);
        }

        if (IsInteger(value, out long number) && number >= least && number <= most)
        {
            return value;
        }

        string text = value.ToJsonString();

        problem = ScalarProblem.WrongType("number " + text);
        return null;
    }

    // A number with a fraction or an exponent is none for Go, whatever its value.
    private static bool IsInteger(JsonValue value, out long number) =>
        value.TryGetValue(out number)
        || long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static JsonNode? DecodeBytes(JsonValue value, out ScalarProblem? problem)
    {
        problem = null;
        if (!value.TryGetValue(out string? text))
        {
            return Mismatch(value, out problem);
        }

        // Go ignores line breaks within base64.
        string packed = text.Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
        byte[] buffer = new byte[(packed.Length / 4 * 3) + 3];
        if (packed.Contains(' ', StringComparison.Ordinal) || !Convert.TryFromBase64String(packed, buffer, out _))
        {
            problem = ScalarProblem.Message("illegal base64 data at input byte " + FirstBadByte(packed).ToString(CultureInfo.InvariantCulture));
            return null;
        }

        return packed.Length == text.Length ? value : JsonValue.Create(packed);
    }

    private static int FirstBadByte(string text)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if (!char.IsAsciiLetterOrDigit(text[at]) && text[at] is not ('+' or '/'))
            {
                return at;
            }
        }

        return text.Length / 4 * 4;
    }

    private static JsonNode? DecodeTime(JsonValue value, TypeForm form, out ScalarProblem? problem)
    {
        problem = null;
        if (!value.TryGetValue(out string? text))
        {
            problem = ScalarProblem.Message($"json: cannot unmarshal {Describe(value)} into Go value of type string");
            return null;
        }

        if (!IsRfc3339(text) || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out DateTimeOffset time))
        {
            problem = ScalarProblem.Message($"parsing time \"{text}\" as \"{TimeLayout}\": cannot parse \"{text}\" as \"2006\"");
            return null;
        }

        string format = form == TypeForm.Time ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";
        return JsonValue.Create(time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture));
    }

    // DateTimeOffset reads much more than RFC 3339 allows: check the fixed positions and the offset first.
    private static bool IsRfc3339(string text)
    {
        const string shape = "0000-00-00T00:00:00";
        if (text.Length <= shape.Length)
        {
            return false;
        }

        for (int at = 0; at < shape.Length; at++)
        {
            if (shape[at] == '0' ? !char.IsAsciiDigit(text[at]) : text[at] != shape[at])
            {
                return false;
            }
        }

        int end = shape.Length;
        if (text[end] == '.')
        {
            end++;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                end++;
            }
        }

        ReadOnlySpan<char> offset = text.AsSpan(end);
        return offset is "Z" || (offset.Length == 6 && offset[0] is '+' or '-' && offset[3] == ':');
    }

    private static JsonNode? DecodeQuantity(JsonValue value, out ScalarProblem? problem)
    {
        string text = value.TryGetValue(out string? given) ? given.Trim() : value.ToJsonString();
        if (Quantity.TryParse(text, out Quantity quantity, out string? wrong))
        {
            problem = null;
            return JsonValue.Create(quantity.ToString());
        }

        problem = ScalarProblem.Message(wrong);
        return null;
    }
}
