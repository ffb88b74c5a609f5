using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Registry.Subresources;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Registry;

/// <summary>The old form of pods/binding: a Binding posted to its own collection, named after the pod.</summary>
internal sealed class Bindings(BindingSubresource binding, IKindCatalogue catalogue) : IVirtualKind
{
    public bool Handles(KindDefinition kind) => kind is { Group: "", Kind: "Binding" };

    public ValueTask<JsonObject> CreateAsync(JsonObject body, WriteScope scope, CancellationToken cancellationToken)
    {
        KindDefinition pods = catalogue.FindKind("v1", "Pod") ?? throw ApiErrors.NoSuchResource();
        var key = new ObjectKey(body.TextOrEmpty("metadata", "namespace"), body.TextOrEmpty("metadata", "name"));
        return binding.BindAsync(pods, key, body, scope, cancellationToken);
    }
}
