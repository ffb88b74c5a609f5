using System.Text.RegularExpressions;

namespace MiniPlane.ApiServer.Validation;

/// <summary>
/// The string formats of k8s.io/apimachinery/pkg/util/validation. Each check answers null or what is wrong, in upstream's wording.
/// </summary>
internal static partial class Formats
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    public const int DnsLabelLength = 63;
    public const int DnsSubdomainLength = 253;

    private const string DnsLabelPattern = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private const string Dns1035Pattern = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private const string DnsSubdomainPattern = @"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
    private const string LabelPattern = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private const string LabelValuePattern = "(" + LabelPattern + ")?";
    private const string ConfigKeyPattern = "[-._a-zA-Z0-9]+";

    private const string DnsLabelText =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an "
        + "alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '" + DnsLabelPattern + "')";

    private const string Dns1035Text =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with "
        + "an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '" + Dns1035Pattern + "')";

    private const string DnsSubdomainText =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
        + "alphanumeric character (e.g. 'example.com', regex used for validation is '" + DnsSubdomainPattern + "')";

    private const string LabelNameText =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
        + "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '" + LabelPattern + "')";

    private const string LabelValueText =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
        + "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '" + LabelValuePattern + "')";

    private const string ConfigKeyText =
        "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', "
        + "regex used for validation is '" + ConfigKeyPattern + "')";

    public static string? DnsLabel(string value) =>
        TooLong(value, DnsLabelLength) ?? (DnsLabelRegex().IsMatch(value) ? null : DnsLabelText);

    public static string? Dns1035Label(string value) =>
        TooLong(value, DnsLabelLength) ?? (Dns1035Regex().IsMatch(value) ? null : Dns1035Text);

    public static string? DnsSubdomain(string value) =>
        TooLong(value, DnsSubdomainLength) ?? (DnsSubdomainRegex().IsMatch(value) ? null : DnsSubdomainText);

    /// <summary>RBAC and other names that only have to fit into a path (path.IsValidPathSegmentName).</summary>
    public static string? PathSegment(string value)
    {
        if (value is "." or "..")
        {
            return $"may not be '{value}'";
        }

        foreach (string part in (ReadOnlySpan<string>)["/", "%"])
        {
            if (value.Contains(part, StringComparison.Ordinal))
            {
                return $"may not contain '{part}'";
            }
        }

        return null;
    }

    /// <summary>A label key, annotation key, finalizer or resource name: <c>[prefix/]name</c>.</summary>
    public static string? QualifiedName(string value)
    {
        string[] parts = value.Split('/');
        if (parts.Length > 2)
        {
            return "a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
                + $"alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '{LabelPattern}') "
                + "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
        }

        if (parts.Length == 2)
        {
            if (parts[0].Length == 0)
            {
                return "prefix part must be non-empty";
            }

            if (DnsSubdomain(parts[0]) is { } wrong)
            {
                return "prefix part " + wrong;
            }
        }

        string name = parts[^1];
        if (name.Length == 0)
        {
            return "name part must be non-empty";
        }

        return name.Length > DnsLabelLength
            ? $"name part must be no more than {DnsLabelLength} bytes"
            : LabelNameRegex().IsMatch(name) ? null : LabelNameText;
    }

    public static string? LabelValue(string value) =>
        TooLong(value, DnsLabelLength) ?? (value.Length == 0 || LabelNameRegex().IsMatch(value) ? null : LabelValueText);

    /// <summary>A key of a ConfigMap or Secret.</summary>
    public static string? ConfigKey(string value) =>
        TooLong(value, DnsSubdomainLength)
        ?? (!ConfigKeyRegex().IsMatch(value) ? ConfigKeyText
            : value is "." or ".." ? $"must not be '{value}'"
            : value.StartsWith("..", StringComparison.Ordinal) ? "must not start with '..'" : null);

    /// <summary>Since 1.34 any printable ASCII except '=' may name an environment variable.</summary>
    public static string? EnvironmentName(string value) =>
        value.All(letter => letter is >= ' ' and <= '~' and not '=')
            ? null
            : "a valid environment variable name must consist only of printable ASCII characters other than '='";

    /// <summary>An IANA service name, as the name of a container port.</summary>
    public static string? PortName(string value) =>
        value.Length > 15 ? "must be no more than 15 characters"
        : !value.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')
            ? "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"
        : !value.Any(char.IsAsciiLetter) ? "must contain at least one letter (a-z)"
        : value.Contains("--", StringComparison.Ordinal) ? "must not contain consecutive hyphens"
        : value.StartsWith('-') || value.EndsWith('-') ? "must not begin or end with a hyphen" : null;

    public static string? PortNumber(long port) => port is >= 1 and <= 65535 ? null : "must be between 1 and 65535, inclusive";

    /// <summary>A host of an ingress that starts with <c>*.</c>.</summary>
    public static string? WildcardDnsSubdomain(string value) =>
        TooLong(value, DnsSubdomainLength)
        ?? (WildcardRegex().IsMatch(value) ? null
            : "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case "
            + "alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for "
            + @"validation is '\*\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')");

    private static string? TooLong(string value, int limit) =>
        System.Text.Encoding.UTF8.GetByteCount(value) > limit ? $"must be no more than {limit} bytes" : null;

    [GeneratedRegex("^" + DnsLabelPattern + @"\z", Options, 1000)]
    private static partial Regex DnsLabelRegex();

    [GeneratedRegex("^" + Dns1035Pattern + @"\z", Options, 1000)]
    private static partial Regex Dns1035Regex();

    [GeneratedRegex("^" + DnsSubdomainPattern + @"\z", Options, 1000)]
    private static partial Regex DnsSubdomainRegex();

    [GeneratedRegex("^" + LabelPattern + @"\z", Options, 1000)]
    private static partial Regex LabelNameRegex();

    [GeneratedRegex("^" + ConfigKeyPattern + @"\z", Options, 1000)]
    private static partial Regex ConfigKeyRegex();

    [GeneratedRegex(@"^\*\." + DnsSubdomainPattern + @"\z", Options, 1000)]
    private static partial Regex WildcardRegex();
}
