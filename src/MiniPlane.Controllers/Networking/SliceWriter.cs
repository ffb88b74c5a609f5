using System.Text.Json.Nodes;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Networking;

/// <summary>Makes the EndpointSlices of one owner be as planned: creates, changes and deletes no more than needed.</summary>
internal sealed class SliceWriter(ClusterContext cluster, string manager)
{
    public const string ServiceNameLabel = "kubernetes.io/service-name";
    public const string ManagedByLabel = "endpointslice.kubernetes.io/managed-by";

    private KindDefinition Kind => cluster.Kinds.EndpointSlice;

    /// <summary>The slices of an owner that this controller manages.</summary>
    public List<ObjectDocument> Existing(string ownerUid) =>
    [
        .. cluster.Informers.For(Kind).OwnedBy(ownerUid)
            .Where(slice => slice.Metadata.Labels.GetValueOrDefault(ManagedByLabel) == manager && !slice.Metadata.IsBeingDeleted),
    ];

    public async Task WriteAsync(
        KindDefinition ownerKind,
        ObjectDocument owner,
        IReadOnlyList<SlicePlan.Slice> planned,
        CancellationToken cancellationToken)
    {
        JsonObject labels = Labels(owner);
        HashSet<ObjectKey> kept = [.. planned.Select(slice => slice.Existing).OfType<ObjectDocument>().Select(slice => slice.Key)];
        List<ObjectDocument> surplus = Existing(owner.Metadata.Uid).FindAll(slice => !kept.Contains(slice.Key));
        foreach (SlicePlan.Slice slice in planned)
        {
            var endpoints = new JsonArray([.. slice.Endpoints.Select(endpoint => endpoint.DeepClone())]);
            JsonArray ports = SlicePlan.PortJson(slice.Ports);
            if (slice.Existing is null)
            {
                await CreateAsync(ownerKind, owner, slice.AddressType, labels, endpoints, ports, cancellationToken);
            }
            else
            {
                await ChangeAsync(slice.Existing, labels, endpoints, ports, cancellationToken);
            }
        }

        foreach (ObjectDocument slice in surplus)
        {
            await cluster.Writer.DeleteAsync(Kind, slice, DeleteQuery.Default, cancellationToken);
        }
    }

    private JsonObject Labels(ObjectDocument owner)
    {
        var labels = new JsonObject();
        foreach ((string name, string value) in owner.Metadata.Labels.Where(label => !label.Key.StartsWith("endpoint", StringComparison.Ordinal)))
        {
            labels[name] = value;
        }

        labels[ServiceNameLabel] = owner.Metadata.Name;
        labels[ManagedByLabel] = manager;
        labels[EndpointsController.HeadlessLabel] = "";
        return labels;
    }

    private async Task CreateAsync(
        KindDefinition ownerKind,
        ObjectDocument owner,
        string addressType,
        JsonObject labels,
        JsonArray endpoints,
        JsonArray ports,
        CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = Kind.ApiVersion,
            ["kind"] = Kind.Kind,
            ["metadata"] = new JsonObject
            {
                ["generateName"] = owner.Metadata.Name + "-",
                ["namespace"] = owner.Metadata.Namespace,
                ["labels"] = labels.DeepClone(),
                ["ownerReferences"] = new JsonArray(OwnerReferences.Controller(ownerKind, owner)),
            },
            ["addressType"] = addressType,
            ["endpoints"] = endpoints,
            ["ports"] = ports,
        };
        await cluster.Writer.CreateAsync(Kind, body, cancellationToken);
    }

    private async Task ChangeAsync(
        ObjectDocument current, JsonObject labels, JsonArray endpoints, JsonArray ports, CancellationToken cancellationToken)
    {
        JsonObject body = current.ToJson();
        if (SlicePlan.SameItems(body.Array("endpoints"), endpoints)
            && SlicePlan.SameItems(body.Array("ports"), ports)
            && body.At("metadata", "labels").SameAs(labels))
        {
            return;
        }

        body["endpoints"] = endpoints;
        body["ports"] = ports;
        body.Ensure("metadata")["labels"] = labels.DeepClone();
        await cluster.Writer.UpdateAsync(Kind, body, subresource: null, cancellationToken);
    }
}
