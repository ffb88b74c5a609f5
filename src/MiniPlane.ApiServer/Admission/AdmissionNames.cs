using System.Collections.Frozen;

namespace MiniPlane.ApiServer.Admission;

/// <summary>The names that <c>--enable-admission</c> and <c>--disable-admission</c> understand.</summary>
internal static class AdmissionNames
{
    private const string NoConfiguration = "it needs an admission configuration file, which this server does not read; ";

    /// <summary>
    /// kube-apiserver's plug-ins that do nothing here, and why: users of other clusters' settings may name them all the same, and are told.
    /// </summary>
    public static readonly FrozenDictionary<string, string> WithoutEffect = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["AlwaysAdmit"] = "it allows everything, which is what happens without it",
        ["ClusterTrustBundleAttest"] = "ClusterTrustBundles are not served",
        ["EventRateLimit"] = NoConfiguration + "flow control bounds each client's requests, and events expire",
        ["ImagePolicyWebhook"] = NoConfiguration + "a ValidatingWebhookConfiguration for pods does the same",
        ["NodeDeclaredFeatureValidator"] = "the virtual nodes declare no features",
        ["NodeRestriction"] = "no kubelet writes here: agents are held to their own pod by its token",
        ["PodTopologyLabels"] = "the virtual nodes are partitions, which have no zone or region to copy",
        ["TaintNodesByCondition"] = "the virtual nodes are ready when they appear, so new ones need no taint",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">A name is unknown, or both switched on and off.</exception>
    public static void Check(ApiServerOptions options, IReadOnlyCollection<IAdmissionPlugin> plugins)
    {
        foreach ((string flag, string name) in Named(options))
        {
            if (!WithoutEffect.ContainsKey(name) && plugins.All(plugin => plugin.Name != name))
            {
                throw new InvalidOperationException($"{flag} plugin \"{name}\" is unknown");
            }
        }

        if (options.EnabledAdmission.FirstOrDefault(options.DisabledAdmission.Contains) is { } both)
        {
            throw new InvalidOperationException($"[{both}] in enable-admission and disable-admission overlapped");
        }
    }

    /// <summary>The names given that change nothing, with the flag that gives them and the reason.</summary>
    public static IEnumerable<(string Flag, string Name, string Reason)> Idle(ApiServerOptions options) =>
        from given in Named(options)
        where WithoutEffect.ContainsKey(given.Name)
        select (given.Flag, given.Name, WithoutEffect[given.Name]);

    private static IEnumerable<(string Flag, string Name)> Named(ApiServerOptions options) =>
        options.EnabledAdmission.Select(name => ("enable-admission", name))
            .Concat(options.DisabledAdmission.Select(name => ("disable-admission", name)));
}
