using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Pods;

/// <summary>The pod and where it is: what variables, volumes and files of its containers are made from.</summary>
internal sealed record PodContext
{
    private const int LongestKernelName = 64;

    /// <summary>As it was when the agent got it; metadata and ephemeral containers follow the object.</summary>
    public required PodView Pod { get; init; }

    public required PodObjects Objects { get; init; }

    /// <summary>The variables of the namespace's services (kubelet's getServiceEnvVarMap).</summary>
    public required IReadOnlyDictionary<string, string> ServiceEnvironment { get; init; }

    public required string PodIp { get; init; }

    public required string HostIp { get; init; }

    public required string ClusterDomain { get; init; }

    /// <summary>address or address:port of the cluster's DNS, or empty.</summary>
    public required string DnsServer { get; init; }

    /// <summary>What the job may use: stands in for limits that a container does not have.</summary>
    public required NodeCapacity Capacity { get; init; }

    /// <summary>The pod's host name: spec.hostname or its name, 63 characters at most.</summary>
    public string HostName
    {
        get
        {
            string name = Pod.Spec.HostnameOverride
                ?? (Pod.Spec.Hostname.Length > 0 ? Pod.Spec.Hostname : Pod.Metadata.Name);
            return name.Length <= 63 ? name : name[..63].TrimEnd('-', '.');
        }
    }

    /// <summary>
    /// What the containers' kernel says: the host name, or with setHostnameAsFQDN the full one, which the kernel cuts at 64 characters
    /// and kubelet therefore refuses (truncatePodHostnameIfNeeded, generatePodHostNameAndDomain).
    /// </summary>
    public string KernelHostName => Pod.Spec.SetHostnameAsFQDN == true && FullHostName is { } full
        ? full.Length <= LongestKernelName
            ? full
            : throw new Runtime.ContainerStartException(
                "CreateContainerError",
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"Failed to construct FQDN from pod hostname and cluster domain, FQDN {full} is too long (64 characters is the max, {full.Length} characters requested)"))
        : HostName;

    /// <summary>The name with its subdomain, or null for a pod without one.</summary>
    public string? FullHostName => Pod.Spec.Subdomain.Length > 0
        ? $"{HostName}.{Pod.Spec.Subdomain}.{Pod.Metadata.Namespace}.svc.{ClusterDomain}"
        : null;
}
