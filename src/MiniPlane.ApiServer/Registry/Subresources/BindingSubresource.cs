using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Registry.Subresources;

/// <summary>pods/binding: a scheduler gives a pod to a node, once (registry/core/pod/storage.BindingREST).</summary>
internal sealed class BindingSubresource(ObjectUpdater updater, TimeProvider time) : ICreateSubresource
{

    public bool Handles(KindDefinition kind, string subresource) => kind.IsPod() && subresource == "binding";

    public ValueTask<JsonObject> CreateAsync(
        ObjectRegistry registry,
        KindDefinition kind,
        ObjectKey key,
        JsonObject body,
        WriteScope scope,
        CancellationToken cancellationToken) => BindAsync(kind, key, body, scope, cancellationToken);

    /// <summary>Gives the pod to the node that the binding names.</summary>
    public async ValueTask<JsonObject> BindAsync(
        KindDefinition kind, ObjectKey key, JsonObject body, WriteScope scope, CancellationToken cancellationToken)
    {
        Validate(kind, key, body);
        var call = new UpdateCall
        {
            Kind = kind,
            Key = key,
            Subresource = "binding",
            Scope = scope,
            IsOwnershipKnown = true,
            Transform = pod => ValueTask.FromResult(Bind(kind, pod, body)),
        };
        await updater.UpdateAsync(call, cancellationToken);
        return new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["code"] = 201,
        };
    }

    private static void Validate(KindDefinition kind, ObjectKey key, JsonObject body)
    {
        var errors = new FieldErrors();
        if (body.Text("metadata", "name") is { } name && name != key.Name)
        {
            throw ApiErrors.BadRequest("name in URL does not match name in Binding object");
        }

        if (body.TextOrEmpty("target", "kind") is { Length: > 0 } target and not "Node")
        {
            errors.NotSupported("target.kind", target, ["Node", "<empty>"]);
        }

        if (body.TextOrEmpty("target", "name").Length == 0)
        {
            errors.Required("target.name");
        }

        if (!errors.IsEmpty)
        {
            throw ApiErrors.Invalid(kind with { Kind = "Binding" }, key.Name, errors.Causes);
        }
    }

    private JsonObject Bind(KindDefinition kind, JsonObject pod, JsonObject body)
    {
        string name = pod.TextOrEmpty("metadata", "name");
        if (body.TextOrEmpty("metadata", "uid") is { Length: > 0 } uid && uid != pod.TextOrEmpty("metadata", "uid"))
        {
            throw Conflict(kind, name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {pod.TextOrEmpty("metadata", "uid")}");
        }

        if (pod.Has("metadata", "deletionTimestamp"))
        {
            throw Conflict(kind, name, $"pod {name} is being deleted, cannot be assigned to a host");
        }

        if (pod.TextOrEmpty("spec", "nodeName") is { Length: > 0 } node)
        {
            throw Conflict(kind, name, $"pod {name} is already assigned to node \"{node}\"");
        }

        if (pod.Array("spec", "schedulingGates") is { Count: > 0 })
        {
            throw Conflict(kind, name, $"pod {name} has non-empty .spec.schedulingGates");
        }

        pod.Ensure("spec")["nodeName"] = body.TextOrEmpty("target", "name");
        foreach ((string annotation, string value) in body.TextMap("metadata", "annotations"))
        {
            pod.Ensure("metadata", "annotations")[annotation] = value;
        }

        SetScheduled(pod);
        return pod;
    }

    private static ApiException Conflict(KindDefinition kind, string name, string message) =>
        ApiErrors.Conflict(kind with { Plural = "pods/binding" }, name, message);

    private void SetScheduled(JsonObject pod)
    {
        JsonArray conditions = pod.Ensure("status").EnsureArray("conditions");
        JsonObject? condition = conditions.OfType<JsonObject>().FirstOrDefault(one => one.Text("type") == "PodScheduled");
        if (condition is null)
        {
            condition = new JsonObject { ["type"] = "PodScheduled" };
            conditions.Add((JsonNode)condition);
        }

        if (condition.Text("status") != "True")
        {
            condition["status"] = "True";
            condition["lastProbeTime"] = null;
            condition["lastTransitionTime"] = Timestamps.Text(time.GetUtcNow());
            condition.Remove("reason");
            condition.Remove("message");
        }
    }
}
