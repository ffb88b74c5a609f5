using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Disruption;

/// <summary>Adds up <c>spec.replicas</c> of all controllers behind some pods: each once, a ReplicaSet by its Deployment.</summary>
internal sealed class ControllerScale(ClusterContext cluster)
{
    /// <summary>The kinds whose changes can change a sum.</summary>
    public IReadOnlyList<KindDefinition> Kinds { get; } =
    [
        .. new[] { ("apps", "deployments"), ("apps", "replicasets"), ("apps", "statefulsets"), ("", "replicationcontrollers") }
            .Select(kind => cluster.Client.Catalogue.FindResource(kind.Item1, "v1", kind.Item2))
            .OfType<KindDefinition>(),
    ];

    public async Task<ScaleSum> SumAsync(IReadOnlyList<ObjectDocument> pods, CancellationToken cancellationToken)
    {
        Dictionary<string, int> byOwner = new(StringComparer.Ordinal);
        List<string> unmanaged = [];
        foreach (ObjectDocument pod in pods)
        {
            if (pod.Metadata.Controller is not { } owner)
            {
                unmanaged.Add(pod.Metadata.Name);
                continue;
            }

            if (byOwner.ContainsKey(owner.Uid))
            {
                continue;
            }

            (ObjectDocument? scaled, string? problem) = await FindAsync(pod.Metadata.Namespace, owner, cancellationToken);
            if (problem is not null)
            {
                return new ScaleSum(0, unmanaged, problem);
            }

            // The direct owner's uid is remembered too, so that it is not looked up for each pod.
            byOwner[owner.Uid] = 0;
            if (scaled is not null)
            {
                byOwner[scaled.Metadata.Uid] = (int)(scaled.ToJson().Integer("spec", "replicas") ?? 1);
            }
        }

        return new ScaleSum(byOwner.Values.Sum(), unmanaged, Problem: null);
    }

    private async Task<(ObjectDocument? Scaled, string? Problem)> FindAsync(
        string space, OwnerReference owner, CancellationToken cancellationToken)
    {
        KindDefinition? kind = cluster.Client.Catalogue.FindKind(owner.ApiVersion, owner.Kind);
        if (kind is null || !kind.HasSubresource("scale"))
        {
            return (null, $"{owner.Kind}.{OwnerReferences.GroupOf(owner.ApiVersion)} does not implement the scale subresource");
        }

        ObjectDocument? found = await cluster.Client.FindAsync(kind, new ObjectKey(space, owner.Name), cancellationToken);
        if (found is null || found.Metadata.Uid != owner.Uid)
        {
            // It is going, and its pods with it.
            return (null, null);
        }

        return kind.Plural == "replicasets" && found.Metadata.Controller is { Kind: "Deployment" } deployment
            ? await FindAsync(space, deployment, cancellationToken)
            : (found, null);
    }
}
