using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Small checks that many rules share (pkg/apis/core/validation and field helpers), with upstream's wording.</summary>
internal static class Checks
{
    public const string Immutable = "field is immutable";

    private const string Negative = "must be greater than or equal to 0";

    /// <summary>A number that is there must not be negative.</summary>
    public static void NonNegative(this FieldErrors errors, JsonObject? holder, string name, FieldPath path)
    {
        if (holder.Integer(name) is < 0 and long value)
        {
            errors.Invalid(Join(path, name), value, Negative);
        }
    }

    /// <summary>Text that must be there and have the format.</summary>
    public static bool RequiredText(this FieldErrors errors, JsonObject? holder, string name, FieldPath path, Func<string, string?>? format = null)
    {
        string value = holder.TextOrEmpty(name);
        if (value.Length == 0)
        {
            errors.Required(Join(path, name));
            return false;
        }

        return errors.Format(value, name, path, format);
    }

    /// <summary>Text that has the format if it is there at all.</summary>
    public static void OptionalText(this FieldErrors errors, JsonObject? holder, string name, FieldPath path, Func<string, string?> format)
    {
        if (holder.TextOrEmpty(name) is { Length: > 0 } value)
        {
            errors.Format(value, name, path, format);
        }
    }

    public static bool Format(this FieldErrors errors, string value, FieldPath field, Func<string, string?>? format)
    {
        if (format?.Invoke(value) is { } wrong)
        {
            errors.Invalid(field, value, wrong);
            return false;
        }

        return true;
    }

    // The same of the text called name.
    private static bool Format(this FieldErrors errors, string value, string name, FieldPath path, Func<string, string?>? format)
    {
        if (format?.Invoke(value) is { } wrong)
        {
            errors.Invalid(Join(path, name), value, wrong);
            return false;
        }

        return true;
    }

    /// <summary>One of a few words; <paramref name="isRequired"/> says whether it may be missing.</summary>
    public static void OneOf(this FieldErrors errors, JsonObject? holder, string name, FieldPath path, bool isRequired, params ReadOnlySpan<string> supported)
    {
        string value = holder.TextOrEmpty(name);
        if (value.Length == 0)
        {
            if (isRequired)
            {
                errors.Required(Join(path, name));
            }
        }
        else if (!supported.Contains(value))
        {
            errors.NotSupported(Join(path, name), value, supported.ToArray());
        }
    }

    /// <summary>A field that keeps its first value.</summary>
    public static void Unchanged(this FieldErrors errors, JsonNode? value, JsonNode? old, FieldPath field)
    {
        if (!value.SameAs(old))
        {
            errors.Invalid(field, value, Immutable);
        }
    }

    /// <summary>An integer not below 0, or a percentage.</summary>
    public static void IntOrPercent(this FieldErrors errors, JsonObject? holder, string name, FieldPath path, bool atMostAll = false)
    {
        if (holder.At(name) is not { } node)
        {
            return;
        }

        FieldPath field = Join(path, name);
        if (node.Text() is { } text)
        {
            if (Percent(text) is not { } percent)
            {
                errors.Invalid(
                    field,
                    text,
                    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for "
                    + "validation is '[0-9]+%')");
            }
            else if (atMostAll && percent > 100)
            {
                errors.Invalid(field, text, "must not be greater than 100%");
            }
        }
        else
        {
            errors.NonNegative(holder, name, path);
        }
    }

    /// <summary>True for 0 and 0%.</summary>
    public static bool IsZeroScale(JsonNode? node) => node.Integer() == 0 || (node.Text() is { } text && Percent(text) == 0);

    /// <summary>A port given by number or name.</summary>
    public static void Port(this FieldErrors errors, JsonNode? port, FieldPath field)
    {
        if (port.Text() is { } name)
        {
            errors.Format(name, field, Formats.PortName);
        }
        else if (Formats.PortNumber(port.Integer() ?? 0) is { } wrong)
        {
            errors.Invalid(field, port.Integer() ?? 0, wrong);
        }
    }

    /// <summary><c>name</c> below <c>path</c>.</summary>
    public static FieldPath Join(FieldPath path, string name)
    {
        if (path.IsEmpty)
        {
            return name;
        }

        return $"{path}.{name}";
    }

    /// <summary>The objects of a list with their paths.</summary>
    public static IEnumerable<(JsonObject Item, FieldPath Path)> Items(JsonNode? holder, string name, FieldPath path) =>
        holder.Array(name) is { Count: > 0 } list ? Items(list, Join(path, name)) : [];

    private static IEnumerable<(JsonObject Item, FieldPath Path)> Items(JsonArray list, FieldPath path)
    {
        for (int index = 0; index < list.Count; index++)
        {
            yield return (list[index] as JsonObject ?? [], $"{path}[{index}]");
        }
    }

    private static int? Percent(string text) =>
        text.EndsWith('%') && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out int percent)
            ? percent
            : null;
}
