using System.Net.Http.Headers;
using System.Text.RegularExpressions;

namespace MiniPlane.Agent.Images;

/// <summary>A registry's WWW-Authenticate: Bearer realm="…",service="…",scope="…".</summary>
internal sealed partial record RegistryChallenge(string Realm, string Service, string Scope)
{
    public static RegistryChallenge? TryParse(AuthenticationHeaderValue header)
    {
        if (!header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);
        foreach (Match match in Parameter().Matches(header.Parameter ?? ""))
        {
            values[match.Groups["name"].Value] = match.Groups["value"].Value;
        }

        return values.TryGetValue("realm", out string? realm)
            ? new RegistryChallenge(realm, values.GetValueOrDefault("service", ""), values.GetValueOrDefault("scope", ""))
            : null;
    }

    /// <summary>Where the token is asked for.</summary>
    public Uri TokenAddress(string repository)
    {
        string scope = Scope.Length > 0 ? Scope : $"repository:{repository}:pull";
        string separator = Realm.Contains('?', StringComparison.Ordinal) ? "&" : "?";
        return new Uri($"{Realm}{separator}service={Uri.EscapeDataString(Service)}&scope={Uri.EscapeDataString(scope)}");
    }

    [GeneratedRegex("(?<name>[a-z]+)=\"(?<value>[^\"]*)\"", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Parameter();
}
