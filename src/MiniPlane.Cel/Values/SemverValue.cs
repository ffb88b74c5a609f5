using System.Globalization;
using System.Text.RegularExpressions;

namespace MiniPlane.Cel.Values;

/// <summary>A semantic version.</summary>
internal sealed partial record SemverValue(ulong Major, ulong Minor, ulong Patch, string Release) : ICelOpaque
{
    public CelKind Kind => CelKind.Semver;

    /// <summary>Reads a version; <paramref name="isLenient"/> allows a leading v, missing parts and leading zeros.</summary>
    public static SemverValue? TryParse(string text, bool isLenient)
    {
        if (isLenient)
        {
            text = Normalized(text);
        }

        Match match = Version().Match(text);
        return match.Success
            && ulong.TryParse(match.Groups["major"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out ulong major)
            && ulong.TryParse(match.Groups["minor"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out ulong minor)
            && ulong.TryParse(match.Groups["patch"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out ulong patch)
                ? new SemverValue(major, minor, patch, match.Groups["release"].Value)
                : null;
    }

    /// <summary>Below, at or above zero, as versions precede each other.</summary>
    public int OrderTo(SemverValue other)
    {
        int order = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        return order != 0 ? order : CompareReleases(Release, other.Release);
    }

    public bool Equals(ICelOpaque? other) => other is SemverValue value && OrderTo(value) == 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}") + (Release.Length > 0 ? "-" + Release : "");

    private static string Normalized(string text)
    {
        text = text.StartsWith('v') ? text[1..] : text;
        int end = text.IndexOfAny(['-', '+']);
        string core = end < 0 ? text : text[..end];
        List<string> parts = [.. core.Split('.').Select(part => part.TrimStart('0') is { Length: > 0 } trimmed ? trimmed : part.Length > 0 ? "0" : "")];
        while (parts.Count < 3)
        {
            parts.Add("0");
        }

        return string.Join('.', parts) + (end < 0 ? "" : text[end..]);
    }

    // A version with a pre-release comes before the one without; numbers come before words.
    private static int CompareReleases(string left, string right)
    {
        if (left.Length == 0 || right.Length == 0)
        {
            return right.Length.CompareTo(left.Length);
        }

        string[] first = left.Split('.');
        string[] second = right.Split('.');
        for (int at = 0; at < Math.Min(first.Length, second.Length); at++)
        {
            bool isNumber = ulong.TryParse(first[at], NumberStyles.None, CultureInfo.InvariantCulture, out ulong one);
            bool isOther = ulong.TryParse(second[at], NumberStyles.None, CultureInfo.InvariantCulture, out ulong other);
            int order = (isNumber, isOther) switch
            {
                (true, true) => one.CompareTo(other),
                (true, false) => -1,
                (false, true) => 1,
                _ => string.CompareOrdinal(first[at], second[at]),
            };
            if (order != 0)
            {
                return order;
            }
        }

        return first.Length.CompareTo(second.Length);
    }

    [GeneratedRegex(@"^(?<major>0|[1-9]\d*)\.(?<minor>0|[1-9]\d*)\.(?<patch>0|[1-9]\d*)(-(?<release>[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*))?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 250)]
    private static partial Regex Version();
}
