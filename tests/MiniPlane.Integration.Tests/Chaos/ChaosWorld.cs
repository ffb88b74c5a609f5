using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Integration.Tests.Chaos;

/// <summary>Everything that the chaos test's objects may have brought about, as it is now.</summary>
internal sealed record ChaosWorld
{
    public required IReadOnlyList<JsonObject> Pods { get; init; }

    public required IReadOnlyList<JsonObject> ReplicaSets { get; init; }

    public required IReadOnlyList<JsonObject> Jobs { get; init; }

    public required IReadOnlyList<JsonObject> Claims { get; init; }

    public required IReadOnlyList<JsonObject> Volumes { get; init; }

    public required int Nodes { get; init; }

    public static async Task<ChaosWorld> LookAsync(SimulatedCluster cluster)
    {
        const string Core = "/api/v1/namespaces/default/";
        return new ChaosWorld
        {
            Pods = await cluster.ListAsync(Core + "pods"),
            ReplicaSets = await cluster.ListAsync("/apis/apps/v1/namespaces/default/replicasets"),
            Jobs = await cluster.ListAsync("/apis/batch/v1/namespaces/default/jobs"),
            Claims = await cluster.ListAsync(Core + "persistentvolumeclaims"),
            Volumes = await cluster.ListAsync("/api/v1/persistentvolumes"),
            Nodes = (await cluster.ListAsync("/api/v1/nodes")).Count,
        };
    }

    /// <summary>What belongs to somebody who is not there, or is there without need; null when all is in order.</summary>
    /// <param name="roots">Uids of the objects that the test made itself.</param>
    /// <param name="names">Their names, for those that belong to nobody by right.</param>
    public string? Stray(IReadOnlySet<string> roots, IReadOnlySet<string> names)
    {
        HashSet<string> owners = new(roots, StringComparer.Ordinal);
        owners.UnionWith(ReplicaSets.Concat(Jobs).Concat(Pods).Select(Uid));
        JsonObject? stray = Pods.Concat(ReplicaSets).Concat(Jobs)
            .FirstOrDefault(each => !HasController(each, owners) && !names.Contains(each.TextOrEmpty("metadata", "name")));
        stray ??= Claims.FirstOrDefault(claim => claim.Objects("metadata", "ownerReferences").Any(owner => !owners.Contains(owner.TextOrEmpty("uid"))));
        if (stray is not null)
        {
            return $"{stray.Text("kind")} {stray.Text("metadata", "name")} belongs to nobody that is there";
        }

        HashSet<string> claims = new(Claims.Select(Uid), StringComparer.Ordinal);
        JsonObject? volume = Volumes.FirstOrDefault(each => !claims.Contains(each.TextOrEmpty("spec", "claimRef", "uid")));
        return volume is null ? null : $"volume {volume.Text("metadata", "name")} has no claim";
    }

    /// <summary>A line for each object, to see why the world is not as it should be.</summary>
    public string Summary() => string.Join('\n', ReplicaSets.Concat(Jobs).Concat(Pods).Concat(Claims).Select(each =>
    {
        string owners = string.Join(',', each.Objects("metadata", "ownerReferences").Select(owner => $"{owner.Text("kind")}/{owner.Text("name")}:{owner.Text("uid")}"));
        string finalizers = string.Join(',', each.Texts("metadata", "finalizers"));
        return $"{Uid(each)} {each.Text("metadata", "name")} {each.Text("status", "phase")} going={each.Text("metadata", "deletionTimestamp")} owners={owners} held={finalizers}";
    }));

    public static string Uid(JsonObject document) => document.TextOrEmpty("metadata", "uid");

    public static bool HasController(JsonObject item, IReadOnlySet<string> owners) =>
        item.Objects("metadata", "ownerReferences").Any(owner => owner.Flag("controller") == true && owners.Contains(owner.TextOrEmpty("uid")));
}
