namespace MiniPlane.ApiServer.Admission;

/// <summary>The names that <c>--enable-admission</c> and <c>--disable-admission</c> understand.</summary>
internal static class AdmissionNames
{
    // kube-apiserver's plug-ins that have nothing to do here: users of other clusters' settings may name them all the same.
    private static readonly HashSet<string> WithoutEffect = new(StringComparer.Ordinal)
    {
        "AlwaysAdmit", "ClusterTrustBundleAttest",
        "EventRateLimit", "ExtendedResourceToleration", "ImagePolicyWebhook", "LimitPodHardAntiAffinityTopology",
        "MutatingAdmissionPolicy", "NamespaceExists", "NodeDeclaredFeatureValidator", "NodeRestriction",
        "PodNodeSelector", "PodTolerationRestriction", "PodTopologyLabels", "TaintNodesByCondition",
        "ValidatingAdmissionPolicy",
    };

    /// <exception cref="InvalidOperationException">A name is unknown, or both switched on and off.</exception>
    public static void Check(ApiServerOptions options, IReadOnlyCollection<IAdmissionPlugin> plugins)
    {
        foreach ((string flag, IReadOnlySet<string> names) in (ReadOnlySpan<(string, IReadOnlySet<string>)>)
            [("enable-admission", options.EnabledAdmission), ("disable-admission", options.DisabledAdmission)])
        {
            foreach (string name in names)
            {
                if (!WithoutEffect.Contains(name) && plugins.All(plugin => plugin.Name != name))
                {
                    throw new InvalidOperationException($"{flag} plugin \"{name}\" is unknown");
                }
            }
        }

        if (options.EnabledAdmission.FirstOrDefault(options.DisabledAdmission.Contains) is { } both)
        {
            throw new InvalidOperationException($"[{both}] in enable-admission and disable-admission overlapped");
        }
    }
}
