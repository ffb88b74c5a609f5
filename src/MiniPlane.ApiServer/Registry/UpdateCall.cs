using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Registry;

/// <summary>One intended update, to be tried again when someone else was faster.</summary>
internal sealed record UpdateCall
{
    public required KindDefinition Kind { get; init; }

    public required ObjectKey Key { get; init; }

    public string? Subresource { get; init; }

    public required WriteScope Scope { get; init; }

    /// <summary>
    /// Makes the new object, decoded and defaulted, from a copy of the current one (both in <see cref="Kind"/>'s version). Its
    /// <c>metadata.resourceVersion</c> and <c>uid</c>, when set, are preconditions. It only waits where a webhook converts the kind.
    /// </summary>
    public required Func<JsonObject, ValueTask<JsonObject>> Transform { get; init; }

    /// <summary><see cref="Transform"/> leaves what it is given as it was (apply, replacement), so the copy need not be its own.</summary>
    public bool IsTransformPure { get; init; }

    /// <summary><see cref="Transform"/> has set <c>managedFields</c> itself (apply), or they stay as they are (binding).</summary>
    public bool IsOwnershipKnown { get; init; }

    /// <summary>The object to create when there is none (PUT of some kinds, apply), or null to answer NotFound.</summary>
    public Func<JsonObject>? CreateInstead { get; init; }
}
