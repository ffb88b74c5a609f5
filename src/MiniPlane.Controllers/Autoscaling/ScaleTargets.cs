using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.Controllers.Autoscaling;

/// <summary>Reads and writes the scale of anything that has one, built-in or custom.</summary>
internal sealed class ScaleTargets(ClusterContext cluster)
{
    private const string Scale = "scale";

    /// <summary>The target's scale; <see cref="ApiException"/> when there is no such thing.</summary>
    public async Task<ScaleTarget> GetAsync(string space, ScaleTargetReference reference, CancellationToken cancellationToken)
    {
        if (cluster.Client.Catalogue.FindKind(reference.ApiVersion, reference.Kind) is not { } kind || !kind.HasSubresource(Scale))
        {
            throw ApiErrors.BadRequest(
                $"no matches for kind \"{reference.Kind}\" in group \"{OwnerReferences.GroupOf(reference.ApiVersion)}\"");
        }

        var key = new ObjectKey(space, reference.Name);
        ObjectDocument found = await cluster.Client.FindAsync(kind, key, cancellationToken)
            ?? throw ApiErrors.NotFound(kind, reference.Name);
        return kind.Group is "" or "apps"
            ? FromWorkload(kind, key, found.ToJson())
            : FromScale(kind, key, await PatchAsync(kind, key, [], cancellationToken));
    }

    public async Task SetAsync(ScaleTarget target, int replicas, CancellationToken cancellationToken) => await PatchAsync(
        target.Kind, target.Key, new JsonObject { ["spec"] = new JsonObject { ["replicas"] = replicas } }, cancellationToken);

    private static ScaleTarget FromWorkload(KindDefinition kind, ObjectKey key, JsonObject json)
    {
        JsonObject? selector = json.Object("spec", "selector");
        LabelSelector? labels = selector is null ? null
            : kind.Plural == "replicationcontrollers" ? LabelSelector.FromLabels(selector.TextMap())
            : LabelSelectorParser.FromJson(selector);
        return new ScaleTarget(
            kind, key, (int)(json.Integer("spec", "replicas") ?? 1), (int)(json.Integer("status", "replicas") ?? 0), labels);
    }

    private static ScaleTarget FromScale(KindDefinition kind, ObjectKey key, ObjectDocument scale)
    {
        JsonObject json = scale.ToJson();
        string selector = json.TextOrEmpty("status", "selector");
        return new ScaleTarget(
            kind,
            key,
            (int)(json.Integer("spec", "replicas") ?? 0),
            (int)(json.Integer("status", "replicas") ?? 0),
            selector.Length == 0 ? null : LabelSelectorParser.Parse(selector));
    }

    /// <summary>An empty patch changes nothing and answers with the scale as it is.</summary>
    private async Task<ObjectDocument> PatchAsync(
        KindDefinition kind, ObjectKey key, JsonObject patch, CancellationToken cancellationToken) =>
        await cluster.Client.PatchAsync(kind, key, PatchType.Merge, patch, Scale, cancellationToken);
}
