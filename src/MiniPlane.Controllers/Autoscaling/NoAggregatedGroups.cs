using System.Text.Json.Nodes;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Controllers.Autoscaling;

/// <summary>For a process without an API server of its own: nobody serves further groups.</summary>
internal sealed class NoAggregatedGroups : IAggregatedGroups
{
    public IReadOnlyList<string> VersionsOf(string group) => [];

    public ValueTask<JsonObject> GetAsync(string path, string serviceAccount, CancellationToken cancellationToken) =>
        throw ApiErrors.NoSuchResource();
}
