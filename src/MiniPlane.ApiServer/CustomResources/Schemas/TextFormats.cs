using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace MiniPlane.ApiServer.CustomResources.Schemas;

/// <summary>The string formats that schemas may name (kube-openapi/pkg/validation/strfmt). Unknown formats hold for every text.</summary>
internal static partial class TextFormats
{
    public static bool IsValid(string format, string text) => format switch
    {
        "date-time" or "datetime" => IsDateTime(text),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "duration" => Duration().IsMatch(text),
        "byte" => Base64.IsValid(Encoding.UTF8.GetBytes(text)),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && (uri.Scheme != "file" || text.StartsWith("file:", StringComparison.Ordinal)),
        "email" => Email().IsMatch(text),
        "hostname" => text.Length <= 253 && Hostname().IsMatch(text),
        "ipv4" => text.Count(letter => letter == '.') == 3 && IPAddress.TryParse(text, out IPAddress? four) && four.AddressFamily == AddressFamily.InterNetwork,
        "ipv6" => text.Contains(':', StringComparison.Ordinal) && !text.Contains('%', StringComparison.Ordinal) && IPAddress.TryParse(text, out IPAddress? six) && six.AddressFamily == AddressFamily.InterNetworkV6,
        "cidr" => IsCidr(text),
        "mac" => Mac().IsMatch(text),
        "uuid" => Uuid().IsMatch(text),
        "uuid3" => Uuid().IsMatch(text) && UuidVersion(text) == '3',
        "uuid4" => Uuid().IsMatch(text) && UuidVersion(text) == '4' && IsVariant(text),
        "uuid5" => Uuid().IsMatch(text) && UuidVersion(text) == '5' && IsVariant(text),
        "hexcolor" => HexColor().IsMatch(text),
        "rgbcolor" => RgbColor().IsMatch(text),
        "ssn" => SocialSecurity().IsMatch(text),
        "bsonobjectid" => ObjectId().IsMatch(text),
        "k8s-short-name" => Objects.Names.NameRules.Dns1123Label(text).Count == 0,
        "k8s-long-name" => Objects.Names.NameRules.Dns1123Subdomain(text).Count == 0,
        _ => true,
    };

    private static bool IsDateTime(string text) =>
        DateTime().IsMatch(text) && DateTimeOffset.TryParse(text.Replace(' ', 'T'), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);

    private static bool IsCidr(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            && IPAddress.TryParse(text.AsSpan(0, slash), out IPAddress? address)
            && int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int bits)
            && bits <= (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
    }

    private static char UuidVersion(string text) => text.Replace("-", "", StringComparison.Ordinal)[12];

    private static bool IsVariant(string text) => char.ToLowerInvariant(text.Replace("-", "", StringComparison.Ordinal)[16]) is '8' or '9' or 'a' or 'b';

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex DateTime();

    [GeneratedRegex(@"^[-+]?(0|(\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))*|\d+\s*(nanoseconds?|nanos?|ns|microseconds?|micros?|us|µs|milliseconds?|millis?|ms|seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|hr|h|days?|d|weeks?|wks?|wk|w))$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Duration();

    [GeneratedRegex(@"^[^@\s]+@[^@\s]+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Email();

    [GeneratedRegex(@"^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*\.?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Hostname();

    [GeneratedRegex(@"^([0-9A-Fa-f]{2}([:-])([0-9A-Fa-f]{2}[:-]){4,6}[0-9A-Fa-f]{2}|([0-9A-Fa-f]{4}\.){2,3}[0-9A-Fa-f]{4})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Mac();

    [GeneratedRegex("^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Uuid();

    [GeneratedRegex("^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex HexColor();

    [GeneratedRegex(@"^rgb\(\s*\d{1,3}\s*,\s*\d{1,3}\s*,\s*\d{1,3}\s*\)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex RgbColor();

    [GeneratedRegex(@"^\d{3}[- ]?\d{2}[- ]?\d{4}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex SocialSecurity();

    [GeneratedRegex("^[0-9a-fA-F]{24}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex ObjectId();
}
