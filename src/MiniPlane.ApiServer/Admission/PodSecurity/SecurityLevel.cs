using System.Globalization;
using System.Text.RegularExpressions;

namespace MiniPlane.ApiServer.Admission.PodSecurity;

/// <summary>A pod security level and the Kubernetes version whose idea of it counts; 0 is the latest.</summary>
internal readonly partial record struct SecurityLevel(string Level, int Minor)
{
    public const string Privileged = "privileged";
    public const string Baseline = "baseline";
    public const string Restricted = "restricted";

    public bool IsPrivileged => Level == Privileged;

    /// <summary>How strict it is.</summary>
    public int Rank => Level switch { Privileged => 0, Baseline => 1, _ => 2 };

    /// <summary>Whether the rules of that minor version are in force.</summary>
    public bool IsAtLeast(int minor) => Minor == 0 || Minor >= minor;

    /// <summary>Reads <c>latest</c> or <c>v1.29</c>; null when it is neither.</summary>
    public static int? ParseVersion(string text) => text == "latest" ? 0
        : VersionForm().Match(text) is { Success: true } match ? int.Parse(match.Groups["minor"].Value, CultureInfo.InvariantCulture)
        : null;

    public override string ToString() =>
        Minor == 0 ? $"{Level}:latest" : string.Create(CultureInfo.InvariantCulture, $"{Level}:v1.{Minor}");

    [GeneratedRegex("^v1\\.(?<minor>[0-9]|[1-9][0-9]{1,3})$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex VersionForm();
}
