using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Identity;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission;

/// <summary>
/// One intended change on its way through admission. A mutating plug-in changes <see cref="Object"/> in place;
/// <see cref="OldObject"/> is never changed.
/// </summary>
public sealed class AdmissionRequest
{
    private static readonly JsonObject NoOptions = [];

    public required KindDefinition Kind { get; init; }

    /// <summary>The name is empty while it still has to be generated.</summary>
    public required ObjectKey Key { get; init; }

    public required AdmissionOperation Operation { get; init; }

    /// <summary><c>status</c>, <c>scale</c>, <c>binding</c>, …, or null for the object itself.</summary>
    public string? Subresource { get; init; }

    /// <summary>The object as it would be stored; for a subresource of another kind its own body; null for a deletion.</summary>
    public JsonObject? Object { get; init; }

    /// <summary>The stored object; null for a creation.</summary>
    public JsonObject? OldObject { get; init; }

    public required UserInfo User { get; init; }

    public bool DryRun { get; init; }

    /// <summary>meta.v1 CreateOptions, UpdateOptions, PatchOptions or DeleteOptions.</summary>
    public JsonObject Options { get; init; } = NoOptions;

    /// <summary>Texts for the client's <c>Warning</c> headers.</summary>
    public required IList<string> Warnings { get; init; }
}
