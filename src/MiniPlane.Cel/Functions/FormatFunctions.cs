using System.Globalization;
using MiniPlane.Cel.Values;
using MiniPlane.Objects.Names;

namespace MiniPlane.Cel.Functions;

/// <summary>Kubernetes' format library: <c>format.dns1123Label().validate("x")</c>.</summary>
internal static class FormatFunctions
{
    private static readonly FormatValue[] Formats =
    [
        new("dns1123Label", NameRules.Dns1123Label),
        new("dns1123Subdomain", NameRules.Dns1123Subdomain),
        new("dns1035Label", NameRules.Dns1035Label),
        new("qualifiedName", NameRules.QualifiedName),
        new("labelValue", NameRules.LabelValue),
        Prefixed("dns1123LabelPrefix", NameRules.Dns1123Label),
        Prefixed("dns1123SubdomainPrefix", NameRules.Dns1123Subdomain),
        Prefixed("dns1035LabelPrefix", NameRules.Dns1035Label),
        new("uri", text => UrlValue.TryParse(text) is null ? ["must be a valid URI"] : []),
        new("uuid", text => Guid.TryParseExact(text, "D", out _) ? [] : ["does not match the UUID regex"]),
        new("byte", text => Convert.TryFromBase64String(text, new byte[text.Length], out _) ? [] : ["invalid base64"]),
        new("date", text => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) ? [] : ["invalid date"]),
        new("datetime", IsTime),
    ];

    public static void Add(FunctionList list)
    {
        foreach (FormatValue format in Formats)
        {
            list.Add($"format.{format.Name}() Format", _ => format);
        }

        list.Add("format.named(string) optional", values =>
                Array.Find(Formats, format => format.Name == (string)values[0]!) is { } found ? CelOptional.Of(found) : CelOptional.None)
            .Add("Format.validate(string) optional", values => ((FormatValue)values[0]!).Validate((string)values[1]!) is { Count: > 0 } problems
                ? CelOptional.Of(new List<object?>(problems))
                : CelOptional.None);
    }

    // A name that something will be added to may end with a dash.
    private static FormatValue Prefixed(string name, Func<string, IReadOnlyList<string>> rule) =>
        new(name, text => rule(text.EndsWith('-') ? text[..^1] + "a" : text));

    private static IReadOnlyList<string> IsTime(string text)
    {
        try
        {
            CelTimes.ParseTimestamp(text);
            return [];
        }
        catch (CelException)
        {
            return ["invalid datetime"];
        }
    }
}
