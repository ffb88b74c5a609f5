using System.Text.Json.Nodes;
using MiniPlane.Connection;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Operations;

/// <summary>One look at the cluster: the server's own words, and nodes and pods as kubectl would print them.</summary>
internal sealed record StatusReport(JsonObject Server, IReadOnlyList<NodeLine> Nodes, IReadOnlyList<PodLine> Pods)
{
    private const string Table = "application/json;as=Table;g=meta.k8s.io;v=v1";

    public static async Task<StatusReport> ReadAsync(ServerConnection server, CancellationToken cancellationToken)
    {
        JsonObject own = await server.GetAsync(StatusEndpoint.Path, cancellationToken);
        JsonObject nodes = await server.GetAsync("/api/v1/nodes?includeObject=Object", Table, cancellationToken);
        JsonObject pods = await server.GetAsync("/api/v1/pods?includeObject=Object", Table, cancellationToken);
        ILookup<string, JsonObject> jobs = own.Objects("jobs").ToLookup(job => job.TextOrEmpty("podUid"), StringComparer.Ordinal);
        PodLine[] podLines = [.. pods.Objects("rows").Select(row => PodLine.From(row, jobs))];
        return new StatusReport(own, [.. nodes.Objects("rows").Select(row => NodeLine.From(row, podLines))], podLines);
    }

    /// <summary>The same for programs.</summary>
    public JsonObject ToJson()
    {
        var server = (JsonObject)Server.DeepClone();
        JsonNode? jobs = server["jobs"];
        server.Remove("jobs");
        return new JsonObject
        {
            ["running"] = true,
            ["server"] = server,
            ["nodes"] = new JsonArray([.. Nodes.Select(node => node.ToJson())]),
            ["pods"] = new JsonArray([.. Pods.Select(pod => pod.ToJson())]),
            ["jobs"] = jobs ?? new JsonArray(),
        };
    }
}
