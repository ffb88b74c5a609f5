using MiniPlane.Workloads.Addresses;
using MiniPlane.Workloads.Sim;
using MiniPlane.Workloads.Site;
using MiniPlane.Workloads.Slurm.Rest;

namespace MiniPlane.Workloads;

/// <summary>How this room is set up by the executable.</summary>
public sealed record WorkloadsOptions
{
    /// <summary>The cluster's data directory; pods' files live in <c>pods/</c> below it, where the compute nodes see them too.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Tells this cluster's jobs from those of the same user's other clusters.</summary>
    public required string ClusterId { get; init; }

    /// <summary><c>auto</c>, <c>slurm</c>, <c>slurmrestd</c> (Slurm by nothing else), <c>local</c> or <c>sim</c>.</summary>
    public string Backend { get; init; } = "auto";

    /// <summary>The agent's program and first arguments, as a compute node can start them.</summary>
    public IReadOnlyList<string> AgentCommand { get; init; } = ["miniplane-agent"];

    /// <summary>Where agents reach the control plane (<c>https://host:port</c>), best first. May be filled after start-up.</summary>
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>Used instead of <see cref="Endpoints"/> when the addresses are known only once the server listens.</summary>
    public Func<IReadOnlyList<string>>? EndpointSource { get; init; }

    /// <summary>The cluster's certificate authority.</summary>
    public string CaCertificatePem { get; init; } = "";

    /// <summary>Used instead of <see cref="CaCertificatePem"/> when the authority is made at start-up.</summary>
    public Func<string>? CaCertificateSource { get; init; }

    /// <summary>A name in the server's certificate, for agents that reach it under another one.</summary>
    public string? ServerName { get; init; }

    /// <summary>How often the backend is asked for its jobs while some are active and nothing was just asked of it.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(5);

    public PodNetworkMode PodNetwork { get; init; } = PodNetworkMode.Auto;

    /// <summary>First address of the range of <see cref="PodNetworkMode.Loopback"/>.</summary>
    public string LoopbackRange { get; init; } = "127.128.0.0/16";

    /// <summary>The cluster's DNS zone.</summary>
    public string ClusterDomain { get; init; } = "cluster.local";

    /// <summary>The cluster DNS server as pods reach it (<c>address[:port]</c>), or empty.</summary>
    public string DnsServer { get; init; } = "";

    /// <summary>How many pods are worked on at once.</summary>
    public int Concurrency { get; init; } = 8;

    public SiteSettings Site { get; init; } = SiteSettings.Default;

    public SimOptions Sim { get; init; } = new();

    /// <summary>Where slurmrestd listens, if the site has one.</summary>
    public RestAddress? Slurmrestd { get; init; }

    /// <summary>A file with a token for it; empty for the one in <c>SLURM_JWT</c>, or none.</summary>
    public string SlurmrestdTokenFile { get; init; } = "";

    internal RestLogin RestLogin => new(SlurmrestdTokenFile, Environment.GetEnvironmentVariable);

    internal string PodsDirectory => Path.Combine(Path.GetFullPath(DataDirectory), "pods");

    internal IReadOnlyList<string> CurrentEndpoints => EndpointSource?.Invoke() ?? Endpoints;

    internal string CurrentCaCertificate => CaCertificateSource?.Invoke() ?? CaCertificatePem;
}
