using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.CustomResources.Schemas;

/// <summary>What a schema asks of strings and numbers.</summary>
internal static class ScalarRules
{
    public static void Check(JsonNode value, StructuralSchema schema, string path, FieldErrors errors)
    {
        if (value.Text() is { } text)
        {
            CheckText(text, schema.Rules, path, errors);
        }
        else if (value.GetValueKind() == JsonValueKind.Number)
        {
            CheckNumber(value, schema.Rules, path, errors);
        }
    }

    private static void CheckText(string text, ValueRules rules, string path, FieldErrors errors)
    {
        if (rules.MaxLength is not null || rules.MinLength is not null)
        {
            int length = text.EnumerateRunes().Count();
            if (rules.MaxLength is { } most && length > most)
            {
                errors.TooLong(path, (int)most);
            }

            if (rules.MinLength is { } least && length < least)
            {
                errors.Invalid(path, text, $"{path} in body should be at least {least} chars long");
            }
        }

        if (rules.Expression is { } expression && !Matches(expression, text))
        {
            errors.Invalid(path, text, $"{path} in body should match '{rules.Pattern}'");
        }

        if (rules.Format.Length > 0 && !TextFormats.IsValid(rules.Format, text))
        {
            errors.TypeInvalid(path, text, $"{path} in body must be of type {rules.Format}: \"{text}\"");
        }
    }

    // An expression that takes too long on a text has not been shown to match it.
    private static bool Matches(Regex expression, string text)
    {
        try
        {
            return expression.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static void CheckNumber(JsonNode value, ValueRules rules, string path, FieldErrors errors)
    {
        double number = SchemaWords.NumberOf(value);
        if (rules.Maximum is { } most && (rules.IsMaximumExclusive ? number >= most : number > most))
        {
            errors.Invalid(path, value, $"{path} in body should be less than {(rules.IsMaximumExclusive ? "" : "or equal to ")}{Shown(most)}");
        }

        if (rules.Minimum is { } least && (rules.IsMinimumExclusive ? number <= least : number < least))
        {
            errors.Invalid(path, value, $"{path} in body should be greater than {(rules.IsMinimumExclusive ? "" : "or equal to ")}{Shown(least)}");
        }

        if (rules.MultipleOf is { } factor && factor > 0 && !double.IsInteger(number / factor))
        {
            errors.Invalid(path, value, $"{path} in body should be a multiple of {Shown(factor)}");
        }

        bool isOutside = rules.Format switch
        {
            "int32" => number is < int.MinValue or > int.MaxValue,
            "int64" => number is < -9223372036854775808d or >= 9223372036854775808d,
            "float" => Math.Abs(number) > float.MaxValue,
            _ => false,
        };
        if (isOutside)
        {
            errors.Invalid(path, value, $"Checked value must be of type {(rules.Format == "float" ? "number" : "integer")} with format {rules.Format} in body");
        }
    }

    private static string Shown(double number) => number.ToString("R", CultureInfo.InvariantCulture).Replace("E+", "e+", StringComparison.Ordinal);
}
