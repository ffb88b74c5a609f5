using System.Diagnostics.CodeAnalysis;

namespace MiniPlane.Objects.Catalogue;

/// <summary>A named type of the API: an object with fields, or one of the scalar forms.</summary>
public sealed class TypeDefinition
{
    private readonly Dictionary<string, FieldDefinition> _byName = new(StringComparer.Ordinal);
    private readonly List<FieldDefinition> _fields = [];

    public TypeDefinition(string name, TypeForm form, string description)
    {
        Name = name;
        Form = form;
        Description = description;
    }

    /// <summary>Shortened name, e.g. <c>core.v1.PodSpec</c> or <c>string</c>.</summary>
    public string Name { get; }

    public TypeForm Form { get; }

    public string Description { get; }

    /// <summary>Fields in canonical order. Empty for scalars and for free-form objects.</summary>
    public IReadOnlyList<FieldDefinition> Fields => _fields;

    /// <summary>Fields that are not declared are kept instead of pruned.</summary>
    public bool PreservesUnknownFields { get; init; }

    public bool TryGetField(string name, [NotNullWhen(true)] out FieldDefinition? field) =>
        _byName.TryGetValue(name, out field);

    /// <summary>Adds a field while the catalogue is being read; types refer to each other in cycles.</summary>
    public void Add(FieldDefinition field)
    {
        _fields.Add(field);
        _byName.Add(field.Name, field);
    }

    public override string ToString() => Name;
}
