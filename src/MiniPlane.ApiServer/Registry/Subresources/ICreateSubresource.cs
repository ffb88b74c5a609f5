using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Registry.Subresources;

/// <summary>A subresource that is only ever POSTed to.</summary>
internal interface ICreateSubresource
{
    bool Handles(KindDefinition kind, string subresource);

    /// <summary>Does it and returns the body of the answer.</summary>
    ValueTask<JsonObject> CreateAsync(
        ObjectRegistry registry,
        KindDefinition kind,
        ObjectKey key,
        JsonObject body,
        WriteScope scope,
        CancellationToken cancellationToken);
}
