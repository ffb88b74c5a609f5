using System.Diagnostics.CodeAnalysis;

namespace MiniPlane.Objects.Catalogue;

/// <summary>
/// A named type of the API: an object with fields, or one of the scalar forms. Its fields may be read on first use, which
/// keeps the start of the process quick; from then on it does not change.
/// </summary>
public sealed class TypeDefinition
{
    private readonly Lazy<FieldTable> _fields;

    /// <summary>A type without fields: a scalar, or an object that is filled with <see cref="Add"/> before it is shared.</summary>
    public TypeDefinition(string name, TypeForm form, string description)
        : this(name, form, description, static () => [])
    {
    }

    /// <summary>A type whose fields are asked for once, when they are first needed.</summary>
    public TypeDefinition(string name, TypeForm form, string description, Func<IEnumerable<FieldDefinition>> fields)
    {
        Name = name;
        Form = form;
        Description = description;
        _fields = new Lazy<FieldTable>(() => new FieldTable(fields()));
    }

    /// <summary>Shortened name, e.g. <c>core.v1.PodSpec</c> or <c>string</c>.</summary>
    public string Name { get; }

    public TypeForm Form { get; }

    public string Description { get; }

    /// <summary>Fields in canonical order. Empty for scalars and for free-form objects.</summary>
    public IReadOnlyList<FieldDefinition> Fields => _fields.Value.InOrder;

    /// <summary>Fields that are not declared are kept instead of pruned.</summary>
    public bool PreservesUnknownFields { get; init; }

    /// <summary>The root of a custom kind: nothing is there before somebody writes it, as Go's structs hold parts by value.</summary>
    public bool IsUnstructured { get; init; }

    /// <summary><c>atomic</c> when the object is always replaced as a whole (x-kubernetes-map-type); null means granular.</summary>
    public string? MapType { get; init; }

    public bool TryGetField(string name, [NotNullWhen(true)] out FieldDefinition? field) =>
        _fields.Value.ByName.TryGetValue(name, out field);

    /// <summary>Adds a field while a custom type is being made; types refer to each other in cycles.</summary>
    public void Add(FieldDefinition field) => _fields.Value.Add(field);

    public override string ToString() => Name;

    private sealed class FieldTable
    {
        public FieldTable(IEnumerable<FieldDefinition> fields)
        {
            foreach (FieldDefinition field in fields)
            {
                Add(field);
            }
        }

        public List<FieldDefinition> InOrder { get; } = [];

        public Dictionary<string, FieldDefinition> ByName { get; } = new(StringComparer.Ordinal);

        public void Add(FieldDefinition field)
        {
            InOrder.Add(field);
            ByName.Add(field.Name, field);
        }
    }
}
