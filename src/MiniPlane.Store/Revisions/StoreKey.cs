using MiniPlane.Objects.Documents;

namespace MiniPlane.Store.Revisions;

/// <summary>Where a document lives: a collection (<c>pods</c>, <c>deployments.apps</c>) and a key in it.</summary>
public readonly record struct StoreKey(string Collection, ObjectKey Object);
