using System.Text.RegularExpressions;

namespace MiniPlane.Objects.Names;

/// <summary>
/// The rules for names, labels and annotations (k8s.io/apimachinery/pkg/util/validation), each with upstream's wording. A
/// method gives what is wrong with a value; nothing when it is good.
/// </summary>
public static partial class NameRules
{
    public const int LongestLabel = 63;
    public const int LongestSubdomain = 253;

    /// <summary>The sum of all annotation keys and values, in bytes.</summary>
    public const int LargestAnnotations = 256 * 1024;

    private const string LabelPattern = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private const string SubdomainPattern = LabelPattern + @"(\." + LabelPattern + ")*";
    private const string Label1035Pattern = "[a-z]([-a-z0-9]*[a-z0-9])?";
    private const string QualifiedPattern = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
    private const string LabelValuePattern = "(" + QualifiedPattern + ")?";
    private const string ConfigKeyPattern = "[-._a-zA-Z0-9]+";
    private const string HeaderPattern = "[-A-Za-z0-9]+";

    private const string LabelMessage =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";

    private const string SubdomainMessage =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";

    private const string Label1035Message =
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";

    private const string QualifiedMessage =
        "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

    private const string LabelValueMessage =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

    /// <summary>A DNS label as Kubernetes allows it for most names that become host names.</summary>
    public static IReadOnlyList<string> Dns1123Label(string value) => Check(
        value, LongestLabel, LabelRegex(), () => Explain(LabelMessage, LabelPattern, "my-name", "123-abc"));

    /// <summary>The rule for most object names.</summary>
    public static IReadOnlyList<string> Dns1123Subdomain(string value) => Check(
        value, LongestSubdomain, SubdomainRegex(), () => Explain(SubdomainMessage, SubdomainPattern, "example.com"));

    /// <summary>The older DNS label, which starts with a letter.</summary>
    public static IReadOnlyList<string> Dns1035Label(string value) => Check(
        value, LongestLabel, Label1035Regex(), () => Explain(Label1035Message, Label1035Pattern, "my-name", "abc-123"));

    /// <summary>A subdomain whose first label is an asterisk.</summary>
    public static IReadOnlyList<string> WildcardSubdomain(string value) => Check(
        value, LongestSubdomain, WildcardRegex(), () => Explain(
            "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
            @"\*\." + SubdomainPattern,
            "*.example.com"));

    /// <summary>The key of a label, an annotation, a resource or a finalizer: <c>[prefix/]name</c>.</summary>
    public static IReadOnlyList<string> QualifiedName(string value)
    {
        if (IsQualifiedName(value))
        {
            return [];
        }

        string[] parts = value.Split('/');
        if (parts.Length > 2)
        {
            return
            [
                $"a qualified name {Explain(QualifiedMessage, QualifiedPattern, "MyName", "my.name", "123-abc")} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')",
            ];
        }

        var problems = new List<string>();
        if (parts.Length == 2)
        {
            problems.AddRange(parts[0].Length == 0
                ? ["prefix part must be non-empty"]
                : Dns1123Subdomain(parts[0]).Select(problem => "prefix part " + problem));
        }

        string name = parts[^1];
        if (name.Length == 0)
        {
            problems.Add("name part must be non-empty");
        }
        else if (name.Length > LongestLabel)
        {
            problems.Add("name part " + TooLong(LongestLabel));
        }

        if (!QualifiedRegex().IsMatch(name))
        {
            problems.Add("name part " + Explain(QualifiedMessage, QualifiedPattern, "MyName", "my.name", "123-abc"));
        }

        return problems;
    }

    public static IReadOnlyList<string> LabelValue(string value) => Check(
        value, LongestLabel, LabelValueRegex(), () => Explain(LabelValueMessage, LabelValuePattern, "MyValue", "my_value", "12345"));

    /// <summary>A key in the data of a ConfigMap or Secret.</summary>
    public static IReadOnlyList<string> ConfigKey(string value)
    {
        var problems = new List<string>(Check(value, LongestSubdomain, ConfigKeyRegex(), () => Explain(
            "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
            ConfigKeyPattern,
            "key.name",
            "KEY_NAME",
            "key-name")));
        AddDots(problems, value);
        return problems;
    }

    /// <summary>The name of an environment variable, by the relaxed rule.</summary>
    public static IReadOnlyList<string> EnvironmentName(string value) =>
        value.Length == 0 || value.AsSpan().ContainsAnyExceptInRange(' ', '~') || value.Contains('=', StringComparison.Ordinal)
            ? ["a valid environment variable name must consist only of printable ASCII characters other than '='"]
            : [];

    /// <summary>The name of a port of a container or Service (RFC 6335).</summary>
    public static IReadOnlyList<string> PortName(string value)
    {
        var problems = new List<string>();
        if (value.Length > 15)
        {
            problems.Add(TooLong(15));
        }

        if (value.Any(letter => letter != '-' && !char.IsAsciiDigit(letter) && !char.IsAsciiLetterLower(letter)))
        {
            problems.Add("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
        }

        if (!value.Any(char.IsAsciiLetterLower))
        {
            problems.Add("must contain at least one letter (a-z)");
        }

        if (value.Contains("--", StringComparison.Ordinal))
        {
            problems.Add("must not contain consecutive hyphens");
        }

        if (value.StartsWith('-') || value.EndsWith('-'))
        {
            problems.Add("must not begin or end with a hyphen");
        }

        return problems;
    }

    public static IReadOnlyList<string> PortNumber(long value) =>
        value is >= 1 and <= 65535 ? [] : ["must be between 1 and 65535, inclusive"];

    public static IReadOnlyList<string> HeaderName(string value) => HeaderRegex().IsMatch(value)
        ? []
        : [Explain("a valid HTTP header must consist of alphanumeric characters or '-'", HeaderPattern, "X-Header-Name")];

    /// <summary>A name that only has to fit into a URL path (roles, bindings, API services).</summary>
    public static IReadOnlyList<string> PathSegment(string value)
    {
        if (value is "." or "..")
        {
            return [$"may not be '{value}'"];
        }

        return [.. "/%".Where(letter => value.Contains(letter, StringComparison.Ordinal)).Select(letter => $"may not contain '{letter}'")];
    }

    public static string TooLong(int limit) => $"must be no more than {limit.ToString(System.Globalization.CultureInfo.InvariantCulture)} bytes";

    // Nearly all names are good, which shall cost nothing but the look.
    private static bool IsQualifiedName(ReadOnlySpan<char> value)
    {
        int slash = value.IndexOf('/');
        ReadOnlySpan<char> name = value[(slash + 1)..];
        return name.Length <= LongestLabel
            && QualifiedRegex().IsMatch(name)
            && (slash < 0 || (slash is > 0 and <= LongestSubdomain && SubdomainRegex().IsMatch(value[..slash])));
    }

    private static IReadOnlyList<string> Check(string value, int limit, Regex rule, Func<string> explain)
    {
        if (value.Length <= limit && rule.IsMatch(value))
        {
            return [];
        }

        var problems = new List<string>();
        if (value.Length > limit)
        {
            problems.Add(TooLong(limit));
        }

        if (!rule.IsMatch(value))
        {
            problems.Add(explain());
        }

        return problems;
    }

    private static string Explain(string message, string pattern, params string[] examples)
    {
        IEnumerable<string> quoted = examples.Select((example, index) => $"{(index > 0 ? " or " : "")}'{example}', ");
        return $"{message} (e.g. {string.Concat(quoted)}regex used for validation is '{pattern}')";
    }

    private static void AddDots(List<string> problems, string value)
    {
        if (value is "." or "..")
        {
            problems.Add($"must not be '{value}'");
        }
        else if (value.StartsWith("..", StringComparison.Ordinal))
        {
            problems.Add("must not start with '..'");
        }
    }

    [GeneratedRegex("^" + LabelPattern + @"\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LabelRegex();

    [GeneratedRegex("^" + SubdomainPattern + @"\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex SubdomainRegex();

    [GeneratedRegex("^" + Label1035Pattern + @"\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Label1035Regex();

    [GeneratedRegex(@"^\*\." + SubdomainPattern + @"\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WildcardRegex();

    [GeneratedRegex("^" + QualifiedPattern + @"\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex QualifiedRegex();

    [GeneratedRegex("^" + LabelValuePattern + @"\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LabelValueRegex();

    [GeneratedRegex("^" + ConfigKeyPattern + @"\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ConfigKeyRegex();

    [GeneratedRegex("^" + HeaderPattern + @"\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex HeaderRegex();
}
