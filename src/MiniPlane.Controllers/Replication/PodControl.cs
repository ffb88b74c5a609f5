using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Controllers.Replication;

/// <summary>Creates and deletes pods for a controller and tells of it in Events about the controller's object.</summary>
internal sealed class PodControl(ClusterContext cluster, KindDefinition ownerKind, string component)
{
    /// <summary>A pod made from a template: its metadata and spec, owned and controlled by <paramref name="owner"/>.</summary>
    public JsonObject FromTemplate(ObjectDocument owner, JsonObject template)
    {
        var metadata = new JsonObject
        {
            ["generateName"] = owner.Metadata.Name + "-",
            ["namespace"] = owner.Metadata.Namespace,
        };
        foreach (string name in (ReadOnlySpan<string>)["labels", "annotations", "finalizers"])
        {
            metadata.SetCopy(name, template.At("metadata", name));
        }

        metadata["ownerReferences"] = new JsonArray(OwnerReferences.Controller(ownerKind, owner));
        return new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Pod",
            ["metadata"] = metadata,
            ["spec"] = template["spec"]?.DeepClone(),
        };
    }

    public async Task<ObjectDocument> CreateAsync(ObjectDocument owner, JsonObject pod, CancellationToken cancellationToken)
    {
        try
        {
            ObjectDocument created = await cluster.Writer.CreateAsync(cluster.Kinds.Pod, pod, cancellationToken);
            cluster.Events.Normal(ownerKind, owner, "SuccessfulCreate", $"Created pod: {created.Metadata.Name}", component);
            return created;
        }
        catch (ApiException exception) when (exception.Causes.All(cause => cause.Reason != "NamespaceTerminating"))
        {
            cluster.Events.Warning(ownerKind, owner, "FailedCreate", $"Error creating: {exception.Message}", component);
            throw;
        }
    }

    public async Task DeleteAsync(ObjectDocument owner, ObjectDocument pod, CancellationToken cancellationToken)
    {
        try
        {
            if (await cluster.Writer.DeleteAsync(cluster.Kinds.Pod, pod, DeleteQuery.Default, cancellationToken))
            {
                cluster.Events.Normal(ownerKind, owner, "SuccessfulDelete", $"Deleted pod: {pod.Metadata.Name}", component);
            }
        }
        catch (ApiException exception) when (exception.Code is not (404 or 409))
        {
            cluster.Events.Warning(ownerKind, owner, "FailedDelete", $"Error deleting: {exception.Message}", component);
            throw;
        }
    }
}
