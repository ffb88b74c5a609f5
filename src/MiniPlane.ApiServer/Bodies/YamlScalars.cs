using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MiniPlane.ApiServer.Bodies;

/// <summary>What a plain YAML scalar means, by the YAML 1.1 rules of the Go library that Kubernetes uses.</summary>
internal static partial class YamlScalars
{
    /// <summary>The JSON value of a scalar. Quoted and block scalars are strings.</summary>
    public static JsonNode? Resolve(Scalar scalar)
    {
        if (!scalar.Tag.IsEmpty && !scalar.Tag.IsNonSpecific)
        {
            return ResolveTagged(scalar);
        }

        return scalar.Style is ScalarStyle.Plain ? ResolvePlain(scalar.Value) : JsonValue.Create(scalar.Value);
    }

    /// <summary>A mapping key as JSON writes it: numbers and booleans become their text.</summary>
    public static string KeyText(Scalar scalar)
    {
        JsonNode? value = Resolve(scalar);
        return value switch
        {
            null => "null",
            JsonValue text when text.TryGetValue(out string? plain) => plain,
            _ => value.ToJsonString(),
        };
    }

    private static JsonNode? ResolveTagged(Scalar scalar) => scalar.Tag.Value switch
    {
        "tag:yaml.org,2002:null" => null,
        "tag:yaml.org,2002:bool" or "tag:yaml.org,2002:int" or "tag:yaml.org,2002:float" => ResolvePlain(scalar.Value),
        _ => JsonValue.Create(scalar.Value),
    };

    private static JsonNode? ResolvePlain(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return null;
            case "true" or "True" or "TRUE" or "y" or "Y" or "yes" or "Yes" or "YES" or "on" or "On" or "ON":
                return JsonValue.Create(true);
            case "false" or "False" or "FALSE" or "n" or "N" or "no" or "No" or "NO" or "off" or "Off" or "OFF":
                return JsonValue.Create(false);
        }

        return text[0] is (>= '0' and <= '9') or '+' or '-' or '.' ? ResolveNumber(text) : JsonValue.Create(text);
    }

    private static JsonValue ResolveNumber(string text)
    {
        string plain = text.Replace("_", "", StringComparison.Ordinal);
        if (TryInteger(plain, out long number))
        {
            return JsonValue.Create(number);
        }

        if (FloatPattern().IsMatch(plain)
            && double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out double real)
            && double.IsFinite(real))
        {
            return JsonValue.Create(real);
        }

        return JsonValue.Create(text);
    }

    private static bool TryInteger(string text, out long number)
    {
        bool isNegative = text[0] == '-';
        ReadOnlySpan<char> digits = text[0] is '-' or '+' ? text.AsSpan(1) : text;
        number = 0;
        if (digits.IsEmpty || !char.IsAsciiDigit(digits[0]))
        {
            return false;
        }

        bool isRead = digits switch
        {
            ['0', 'x' or 'X', .. var hex] => long.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number),
            ['0', 'b' or 'B', .. var binary] => long.TryParse(binary, NumberStyles.AllowBinarySpecifier, CultureInfo.InvariantCulture, out number),
            ['0', 'o' or 'O', .. var octal] => TryOctal(octal, out number),
            ['0', _, ..] => TryOctal(digits[1..], out number),
            _ => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number),
        };
        number = isNegative ? -number : number;
        return isRead;
    }

    private static bool TryOctal(ReadOnlySpan<char> digits, out long number)
    {
        number = 0;
        foreach (char digit in digits)
        {
            if (digit is < '0' or > '7' || number > long.MaxValue >> 3)
            {
                return false;
            }

            number = (number << 3) + (digit - '0');
        }

        return !digits.IsEmpty;
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FloatPattern();
}
