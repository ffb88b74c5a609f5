namespace MiniPlane.Objects.Catalogue;

/// <summary>
/// What the server knows of one kind in one API version: its names, verbs, subresources, table columns and fields.
/// Built-in kinds come from the embedded <c>.kind</c> files, custom ones from a CustomResourceDefinition; both look the same.
/// </summary>
public sealed record KindDefinition
{
    /// <summary>API group; empty for the core group.</summary>
    public required string Group { get; init; }

    public required string Version { get; init; }

    /// <summary>The type name in <c>kind</c>, e.g. <c>Pod</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The REST name, e.g. <c>pods</c>.</summary>
    public required string Plural { get; init; }

    public required string Singular { get; init; }

    public required bool IsNamespaced { get; init; }

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Supported verbs, sorted, as discovery shows them.</summary>
    public required IReadOnlyList<string> Verbs { get; init; }

    public IReadOnlyList<SubresourceDefinition> Subresources { get; init; } = [];

    public IReadOnlyList<ColumnDefinition> Columns { get; init; } = [];

    /// <summary>The fields of the object itself.</summary>
    public required TypeDefinition Type { get; init; }

    /// <summary>What a kind that comes from a CustomResourceDefinition has beyond a built-in one; null for built-in kinds.</summary>
    public CustomKind? Custom { get; init; }

    /// <summary>The version under which objects are stored; equals <see cref="Version"/> unless this version is a second view of it.</summary>
    public string StorageVersion { get => field ?? Version; init; }

    /// <summary>The group under which objects are stored; differs only where two groups share one store (events).</summary>
    public string StorageGroup { get => field ?? Group; init; }

    /// <summary>The name of the store's collection: <c>pods</c>, <c>deployments.apps</c>.</summary>
    public string Collection => StorageGroup.Length == 0 ? Plural : $"{Plural}.{StorageGroup}";

    /// <summary><c>v1</c> or <c>apps/v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public string ListKind { get => field ?? Kind + "List"; init; }

    public bool HasSubresource(string name) => Subresources.Any(subresource => subresource.Name == name);

    public override string ToString() => $"{ApiVersion}/{Kind}";
}
