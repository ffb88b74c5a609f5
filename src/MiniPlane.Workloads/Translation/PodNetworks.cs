using MiniPlane.Objects.Errors;
using MiniPlane.Workloads.Site;
using MiniPlane.Workloads.Views;

namespace MiniPlane.Workloads.Translation;

/// <summary>Which network a pod joins: one of the site's, which its agent has Apptainer make, or its node's. Pure.</summary>
public static class PodNetworks
{
    /// <summary>The word for the node's own network.</summary>
    public const string Host = "host";

    private static readonly string[] TaskFlags = ["nodes", "ntasks", "ntasks-per-node"];

    /// <summary>The network's name; empty for the node's own. What the pod asks for and cannot have goes to <paramref name="errors"/>.</summary>
    internal static string Choose(PodView pod, SiteSettings site, FlagSet flags, FieldErrors errors)
    {
        string usual = site.Networks is [var first, ..] ? first : Host;
        if (!pod.Metadata.Annotations.TryGetValue(WorkloadAnnotations.PodNetwork, out string? wanted))
        {
            // Tasks on other nodes are started by srun and not by the agent, in their nodes' networks; they must find each other.
            return usual == Host || pod.Spec.HostNetwork || AreManyTasks(flags) ? "" : usual;
        }

        string field = $"metadata.annotations[{WorkloadAnnotations.PodNetwork}]";
        if (wanted == Host)
        {
            return "";
        }

        if (!site.Networks.Contains(wanted, StringComparer.Ordinal))
        {
            errors.NotSupported(field, wanted, [Host, .. site.Networks.Where(name => name != Host)]);
        }
        else if (pod.Spec.HostNetwork)
        {
            errors.Invalid(field, wanted, "a pod with hostNetwork has its node's network");
        }
        else if (AreManyTasks(flags))
        {
            errors.Invalid(field, wanted, "the tasks of a job with several nodes or tasks have their nodes' networks");
        }

        return wanted;
    }

    /// <summary>Why no network but the node's leads to a control plane with these endpoints; null when one may.</summary>
    internal static string? Unreachable(IReadOnlyList<string> endpoints) =>
        endpoints.Count > 0 && endpoints.All(endpoint => new Uri(endpoint).IsLoopback)
            ? $"the control plane listens at {string.Join(", ", endpoints)} only, which no network of the site leads to; start it with --bind and an address of this host"
            : null;

    /// <summary>What an agent is told; null for its node's network.</summary>
    internal static Wire.Agent.AgentNetwork? ForAgent(string network, SiteSettings site) => network.Length == 0
        ? null
        : new Wire.Agent.AgentNetwork { Name = network, Arguments = site.NetworkArguments, Apptainer = site.Apptainer };

    private static bool AreManyTasks(FlagSet flags) => TaskFlags.Any(name => flags.Find(name) is { } value and not "1" and not "1-1" && value.Length > 0);
}
