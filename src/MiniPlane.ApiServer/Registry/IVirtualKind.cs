using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Registry;

/// <summary>A kind that is only asked, never stored: reviews and bindings.</summary>
internal interface IVirtualKind
{
    bool Handles(KindDefinition kind);

    /// <summary>Answers the question in <paramref name="body"/>, decoded; returns the same object with its answer.</summary>
    ValueTask<JsonObject> CreateAsync(JsonObject body, WriteScope scope, CancellationToken cancellationToken);
}
