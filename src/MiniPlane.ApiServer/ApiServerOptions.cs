using System.Net;
using MiniPlane.ApiServer.Audit;

namespace MiniPlane.ApiServer;

/// <summary>How the API server runs; made once by the executable from flags, environment and file.</summary>
public sealed record ApiServerOptions
{
    /// <summary>Keys, certificates and <c>admin.conf</c> live below this directory.</summary>
    public required string DataDirectory { get; init; }

    public IPAddress BindAddress { get; init; } = IPAddress.Any;

    public int Port { get; init; } = 6443;

    /// <summary>The host that clients are told (kubeconfig, certificate); empty chooses by itself.</summary>
    public string AdvertiseHost { get; init; } = "";

    public AuthorizationMode AuthorizationMode { get; init; } = AuthorizationMode.Rbac;

    /// <summary>A static token file in kube-apiserver's CSV format, or null.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Names of admission plug-ins that are switched on beside those that are on by default.</summary>
    public IReadOnlySet<string> EnabledAdmission { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Names of admission plug-ins that are switched off.</summary>
    public IReadOnlySet<string> DisabledAdmission { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>The DNS zone of the cluster, part of the serving certificate's names.</summary>
    public string ClusterDomain { get; init; } = "cluster.local";

    /// <summary>Who signs service-account tokens; also their default audience.</summary>
    public string ServiceAccountIssuer { get; init; } = "https://kubernetes.default.svc.cluster.local";

    /// <summary>Upper limit of a request that is not a watch or another stream.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How many requests may run at once, all priority levels together; watches and streams do not count.</summary>
    public int MaxRequestsInFlight { get; init; } = 600;

    /// <summary>The audit log, or null for none.</summary>
    public AuditOptions? Audit { get; init; }

    /// <summary>How long a watch lives at least when the client gives no limit; the real limit is up to twice that.</summary>
    public TimeSpan MinWatchTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long an Event is kept after it was last written; zero keeps all.</summary>
    public TimeSpan EventTtl { get; init; } = TimeSpan.FromHours(1);

    public TimeSpan BookmarkInterval { get; init; } = TimeSpan.FromMinutes(1);
}
