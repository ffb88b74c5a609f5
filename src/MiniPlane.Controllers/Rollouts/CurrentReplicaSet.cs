using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Controllers.Rollouts;

/// <summary>
/// Makes, numbers and cleans up the ReplicaSets of a Deployment: the one of the present template has the highest revision, and of
/// the unused old ones only <c>revisionHistoryLimit</c> stay for kubectl rollout undo.
/// </summary>
internal sealed class CurrentReplicaSet(ClusterContext cluster, string component)
{
    private static readonly string?[] StatusThenObject = ["status", null];

    private KindDefinition Kind => cluster.Kinds.ReplicaSet;

    /// <summary>Brings the present ReplicaSet's annotations up to date, or creates it if <paramref name="mayCreate"/>.</summary>
    public async Task EnsureAsync(Rollout rollout, bool mayCreate, CancellationToken cancellationToken)
    {
        long revision = rollout.Old.Select(set => set.Revision).DefaultIfEmpty().Max() + 1;
        if (rollout.Current is { } current)
        {
            await RenumberAsync(rollout, current, revision, cancellationToken);
            NoteProgress(rollout, "FoundNewReplicaSet", $"Found new replica set \"{current.Name}\"", onlyFirst: true);
        }
        else if (mayCreate)
        {
            await CreateAsync(rollout, revision, cancellationToken);
        }

        if (rollout.Current is { } present)
        {
            await SetRevisionAsync(rollout, DeploymentAnnotations.Text(present.Revision), cancellationToken);
        }
    }

    /// <summary>Deletes old ReplicaSets beyond the history limit, the lowest revisions first.</summary>
    public async Task CleanUpAsync(Rollout rollout, CancellationToken cancellationToken)
    {
        if (rollout.View.Spec.RevisionHistoryLimit is not { } limit)
        {
            return;
        }

        OwnedReplicaSet[] old = [.. rollout.Old.Where(set => !set.Document.Metadata.IsBeingDeleted).OrderBy(set => set.Revision)];
        foreach (OwnedReplicaSet set in old.Take(Math.Max(0, old.Length - limit)))
        {
            bool isSettled = set.Document.AsReplicaSet().Status.ObservedGeneration >= set.Document.Metadata.Generation;
            if (set is { Wanted: 0, Actual: 0 } && isSettled)
            {
                await cluster.Writer.DeleteAsync(Kind, set.Document, DeleteQuery.Default, cancellationToken);
            }
        }
    }

    private async Task RenumberAsync(
        Rollout rollout, OwnedReplicaSet current, long revision, CancellationToken cancellationToken)
    {
        var annotations = new JsonObject();
        foreach ((string name, string value) in rollout.Document.Metadata.Annotations)
        {
            if (DeploymentAnnotations.IsCopied(name)
                && current.Document.Metadata.Annotations.GetValueOrDefault(name) != value)
            {
                annotations[name] = value;
            }
        }

        if (current.Revision < revision)
        {
            annotations[DeploymentAnnotations.Revision] = DeploymentAnnotations.Text(revision);
            if (current.Revision > 0)
            {
                string history = current.Document.Metadata.Annotations
                    .GetValueOrDefault(DeploymentAnnotations.RevisionHistory, "");
                string last = DeploymentAnnotations.Text(current.Revision);
                annotations[DeploymentAnnotations.RevisionHistory] = history.Length == 0 ? last : $"{history},{last}";
            }
        }

        var patch = new JsonObject();
        if (annotations.Count > 0)
        {
            patch["metadata"] = new JsonObject { ["annotations"] = annotations };
        }

        int minReady = rollout.View.Spec.MinReadySeconds;
        if (current.Document.AsReplicaSet().Spec.MinReadySeconds != minReady)
        {
            patch["spec"] = new JsonObject { ["minReadySeconds"] = minReady };
        }

        if (patch.Count > 0)
        {
            rollout.Replace(await cluster.Writer.MergeAsync(
                Kind, current.Document.Key, patch, subresource: null, cancellationToken));
        }
    }

    private async Task CreateAsync(Rollout rollout, long revision, CancellationToken cancellationToken)
    {
        int? collisions = (int?)rollout.Status.Integer("collisionCount");
        string hash = TemplateHash.Of(rollout.Template, collisions);
        int size = RolloutMath.NewSize(rollout.View, rollout.Total, 0);
        JsonObject body = Body(rollout, hash, revision, size);
        string name = body.TextOrEmpty("metadata", "name");
        try
        {
            rollout.AddCurrent(await cluster.Writer.CreateAsync(Kind, body, cancellationToken));
        }
        catch (ApiException exception) when (exception.Reason == "AlreadyExists")
        {
            await TakeExistingAsync(rollout, name, collisions, cancellationToken);
            return;
        }
        catch (ApiException exception) when (exception.Code != 409)
        {
            const string Reason = "ReplicaSetCreateError";
            string message = $"Failed to create new replica set \"{name}\": {exception.Message}";
            if (RolloutStatus.HasDeadline(rollout.View))
            {
                RolloutStatus.Set(rollout.Status, RolloutStatus.Progressing, "False", Reason, message, cluster.Now);
            }

            cluster.Events.Warning(cluster.Kinds.Deployment, rollout.Document, Reason, message, component);
            throw;
        }

        if (size > 0)
        {
            cluster.Events.Normal(
                cluster.Kinds.Deployment,
                rollout.Document,
                "ScalingReplicaSet",
                $"Scaled up replica set {name} from 0 to {size}",
                component);
        }

        NoteProgress(rollout, "NewReplicaSetCreated", $"Created new replica set \"{name}\"", onlyFirst: false);
    }

    /// <summary>The name is taken: by our own earlier try, or by another template with the same hash.</summary>
    private async Task TakeExistingAsync(Rollout rollout, string name, int? collisions, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(rollout.Document.Metadata.Namespace, name);
        ObjectDocument? existing = await cluster.Client.FindAsync(Kind, key, cancellationToken);
        if (existing is not null
            && existing.Metadata.Controller?.Uid == rollout.Document.Metadata.Uid
            && TemplateHash.Same(new OwnedReplicaSet(existing).Template, rollout.Template))
        {
            rollout.AddCurrent(existing);
            return;
        }

        rollout.Status["collisionCount"] = (collisions ?? 0) + 1;
        throw ApiErrors.AlreadyExists(Kind, name);
    }

    private JsonObject Body(Rollout rollout, string hash, long revision, int size)
    {
        ObjectDocument deployment = rollout.Document;
        var template = (JsonObject)rollout.Template.DeepClone();
        template.Ensure("metadata", "labels")[TemplateHash.Label] = hash;
        var annotations = new JsonObject();
        foreach ((string name, string value) in deployment.Metadata.Annotations.Where(entry => DeploymentAnnotations.IsCopied(entry.Key)))
        {
            annotations[name] = value;
        }

        int wanted = rollout.View.Spec.Wanted;
        annotations[DeploymentAnnotations.Revision] = DeploymentAnnotations.Text(revision);
        annotations[DeploymentAnnotations.DesiredReplicas] = DeploymentAnnotations.Text(wanted);
        annotations[DeploymentAnnotations.MaxReplicas] =
            DeploymentAnnotations.Text(wanted + RolloutMath.MaxSurge(rollout.View));
        var selector = (JsonObject?)deployment.ToJson().Object("spec", "selector")?.DeepClone() ?? [];
        selector.Ensure("matchLabels")[TemplateHash.Label] = hash;
        return new JsonObject
        {
            ["apiVersion"] = Kind.ApiVersion,
            ["kind"] = Kind.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = $"{deployment.Metadata.Name}-{hash}",
                ["namespace"] = deployment.Metadata.Namespace,
                ["labels"] = template.At("metadata", "labels")?.DeepClone(),
                ["annotations"] = annotations,
                ["ownerReferences"] = new JsonArray(OwnerReferences.Controller(cluster.Kinds.Deployment, deployment)),
            },
            ["spec"] = new JsonObject
            {
                ["replicas"] = size,
                ["minReadySeconds"] = rollout.View.Spec.MinReadySeconds,
                ["selector"] = selector,
                ["template"] = template,
            },
        };
    }

    private void NoteProgress(Rollout rollout, string reason, string message, bool onlyFirst)
    {
        if (RolloutStatus.HasDeadline(rollout.View)
            && !(onlyFirst && StatusConditions.Find(rollout.Status, RolloutStatus.Progressing) is not null))
        {
            RolloutStatus.Set(rollout.Status, RolloutStatus.Progressing, "True", reason, message, cluster.Now);
        }
    }

    private async Task SetRevisionAsync(Rollout rollout, string revision, CancellationToken cancellationToken)
    {
        if (rollout.Document.Metadata.Annotations.GetValueOrDefault(DeploymentAnnotations.Revision) == revision)
        {
            return;
        }

        // Upstream writes this annotation together with the status, which does not raise the generation as a change of the
        // object's annotations does. Where the status subresource keeps annotations to itself, the object is changed.
        foreach (string? subresource in StatusThenObject)
        {
            var patch = new JsonObject
            {
                ["metadata"] = new JsonObject
                {
                    ["annotations"] = new JsonObject { [DeploymentAnnotations.Revision] = revision },
                },
            };
            rollout.Document = await cluster.Writer.MergeAsync(
                cluster.Kinds.Deployment, rollout.Document.Key, patch, subresource, cancellationToken);
            if (rollout.Document.Metadata.Annotations.GetValueOrDefault(DeploymentAnnotations.Revision) == revision)
            {
                return;
            }
        }
    }
}
