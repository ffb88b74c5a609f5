namespace MiniPlane.ApiServer.Authorization.Rbac;

/// <summary>Whether someone's rules already allow everything that other rules allow (pkg/registry/rbac/validation.Covers).</summary>
internal static class RuleCover
{
    /// <summary>The parts of <paramref name="wanted"/> that no rule of <paramref name="owned"/> covers, one verb and resource each.</summary>
    public static IEnumerable<PolicyRule> Missing(IReadOnlyList<PolicyRule> owned, IEnumerable<PolicyRule> wanted) =>
        wanted.SelectMany(Parts).Where(part => !owned.Any(rule => Covers(rule, part)));

    private static IEnumerable<PolicyRule> Parts(PolicyRule rule)
    {
        foreach (string verb in rule.Verbs)
        {
            foreach (string url in rule.NonResourceUrls)
            {
                yield return new PolicyRule { Verbs = [verb], NonResourceUrls = [url] };
            }

            foreach (string group in rule.ApiGroups)
            {
                foreach (string resource in rule.Resources)
                {
                    if (rule.ResourceNames.Count == 0)
                    {
                        yield return new PolicyRule { Verbs = [verb], ApiGroups = [group], Resources = [resource] };
                    }

                    foreach (string name in rule.ResourceNames)
                    {
                        yield return new PolicyRule
                        {
                            Verbs = [verb],
                            ApiGroups = [group],
                            Resources = [resource],
                            ResourceNames = [name],
                        };
                    }
                }
            }
        }
    }

    private static bool Covers(PolicyRule rule, PolicyRule part)
    {
        if (!Has(rule.Verbs, part.Verbs[0]))
        {
            return false;
        }

        if (part.NonResourceUrls.Count > 0)
        {
            string url = part.NonResourceUrls[0];
            return rule.NonResourceUrls.Any(pattern => pattern == url || CoversUrl(pattern, url));
        }

        return Has(rule.ApiGroups, part.ApiGroups[0])
            && CoversResource(rule.Resources, part.Resources[0])
            && (rule.ResourceNames.Count == 0
                || (part.ResourceNames.Count > 0 && rule.ResourceNames.Contains(part.ResourceNames[0], StringComparer.Ordinal)));
    }

    private static bool CoversResource(IReadOnlyList<string> owned, string resource)
    {
        int slash = resource.IndexOf('/', StringComparison.Ordinal);
        return Has(owned, resource) || (slash >= 0 && owned.Contains($"*{resource[slash..]}", StringComparer.Ordinal));
    }

    private static bool CoversUrl(string pattern, string url) =>
        pattern.EndsWith('*') && url.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.Ordinal);

    private static bool Has(IReadOnlyList<string> list, string value) =>
        list.Contains("*", StringComparer.Ordinal) || list.Contains(value, StringComparer.Ordinal);
}
