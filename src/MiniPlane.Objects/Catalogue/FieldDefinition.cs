namespace MiniPlane.Objects.Catalogue;

/// <summary>One field of a type, with everything that decoding, merging, validation and documentation need to know of it.</summary>
public sealed record FieldDefinition
{
    public required string Name { get; init; }

    /// <summary>The type of one element.</summary>
    public required TypeDefinition Type { get; init; }

    public FieldShape Shape { get; init; }

    public bool IsRequired { get; init; }

    /// <summary>
    /// An empty text, a zero or a false of this field is the same as its absence: upstream keeps it in a plain variable that it
    /// leaves out when empty. Other fields tell the two apart (<c>replicas: 0</c>), and custom kinds always do.
    /// </summary>
    public bool OmitsZero { get; init; }

    /// <summary>
    /// An empty list or map of this field differs from its absence while a request is read: defaults fill in only what is absent.
    /// </summary>
    public bool KeepsEmpty { get; init; }

    /// <summary>The schema's default as JSON text, or null.</summary>
    public string? Default { get; init; }

    /// <summary>Allowed values of a string; empty when any is allowed.</summary>
    public IReadOnlyList<string> Enum { get; init; } = [];

    /// <summary><c>atomic</c>, <c>set</c> or <c>map</c> (x-kubernetes-list-type); null means atomic.</summary>
    public string? ListType { get; init; }

    public IReadOnlyList<string> ListMapKeys { get; init; } = [];

    /// <summary><c>atomic</c> or <c>granular</c> (x-kubernetes-map-type); null means granular.</summary>
    public string? MapType { get; init; }

    /// <summary>Strategic merge patch strategy: <c>merge</c>, <c>retainKeys</c>, <c>merge,retainKeys</c>, or null (replace).</summary>
    public string? PatchStrategy { get; init; }

    public string? PatchMergeKey { get; init; }

    /// <summary>Protobuf field number; 0 when the field has none.</summary>
    public int ProtoNumber { get; init; }

    /// <summary>
    /// Field numbers of the messages that hold the field in protobuf although JSON shows it one level higher (the source of a
    /// volume), outermost first; empty for nearly all fields.
    /// </summary>
    public IReadOnlyList<int> ProtoEmbedding { get; init; } = [];

    public string Description { get; init; } = "";

    /// <summary>Replaced as a whole by server-side apply: atomic lists, atomic maps, and single values that have no parts.</summary>
    public bool IsAtomic => Shape switch
    {
        FieldShape.List => ListType is null or "atomic",
        FieldShape.Map or FieldShape.MapOfLists => MapType == "atomic",
        _ => Type.Form != TypeForm.Object || MapType == "atomic" || (MapType is null && Type.MapType == "atomic"),
    };
}
