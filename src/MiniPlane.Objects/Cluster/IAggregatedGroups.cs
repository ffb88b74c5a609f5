using System.Text.Json.Nodes;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Objects.Cluster;

/// <summary>
/// Groups that other servers answer for this one (APIService), for what this process asks of them itself, as the autoscaler does of
/// <c>custom.metrics.k8s.io</c>.
/// </summary>
public interface IAggregatedGroups
{
    /// <summary>The versions of a group that are served elsewhere, the preferred one first; empty when the group is not.</summary>
    IReadOnlyList<string> VersionsOf(string group);

    /// <summary>
    /// Gets <paramref name="path"/>, which begins with <c>/apis/GROUP/VERSION</c> and may have a query, in the name of a service account of
    /// <c>kube-system</c>, for servers behind ask who may read. Every refusal, and a server that cannot be reached, is an
    /// <see cref="ApiException"/>.
    /// </summary>
    ValueTask<JsonObject> GetAsync(string path, string serviceAccount, CancellationToken cancellationToken);
}
