namespace MiniPlane.Objects.Catalogue;

/// <summary>
/// What only kinds of CustomResourceDefinitions have: paths of the scale subresource, selectable fields, the storage version. The
/// API server derives its own from this, with the compiled schema.
/// </summary>
public abstract class CustomKind
{
    /// <summary>The kind under which objects are stored; it need not be served.</summary>
    public abstract KindDefinition Storage { get; }

    /// <summary>Paths such as <c>spec.color</c> that field selectors may name beside the metadata.</summary>
    public required IReadOnlyList<string> SelectableFields { get; init; }

    /// <summary>The text of the warning that every request for this version gets, or null.</summary>
    public required string? DeprecationWarning { get; init; }
}
