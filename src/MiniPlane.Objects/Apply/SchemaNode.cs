using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Apply;

/// <summary>How the schema says to treat one place in an object: what is merged inside, what is owned as a whole.</summary>
internal readonly struct SchemaNode
{
    // The schema does not tell parts held by value from pointers; these are the ones that can be reached from an object's root.
    private static readonly FrozenSet<string> HeldByValue = FrozenSet.Create(
        StringComparer.Ordinal,
        "metadata", "spec", "status", "template", "strategy", "updateStrategy", "jobTemplate", "roleRef", "scaleTargetRef",
        "resources", "names", "involvedObject", "regarding", "source", "userInfo");

    private const int DeepestImplied = 8;

    private static readonly FrozenDictionary<string, bool> NoFields = FrozenDictionary<string, bool>.Empty;
    private static readonly ConditionalWeakTable<TypeDefinition, FrozenDictionary<string, bool>> ImpliedByType = [];

    private readonly TypeDefinition? _type;
    private readonly FieldDefinition? _field;
    private readonly FieldShape _shape;

    private SchemaNode(TypeDefinition? type, FieldDefinition? field, FieldShape shape)
    {
        _type = type;
        _field = field;
        _shape = shape;
    }

    /// <summary>The whole object.</summary>
    public static SchemaNode Root(TypeDefinition type) => new(type, null, FieldShape.Single);

    /// <summary>A JSON object here is merged key by key.</summary>
    public bool IsGranularMap => _shape switch
    {
        FieldShape.List => false,
        FieldShape.Map or FieldShape.MapOfLists => _field?.MapType != "atomic",
        _ => _field?.MapType != "atomic" && _type?.MapType != "atomic" && _type?.Form is null or TypeForm.Object or TypeForm.Any,
    };

    /// <summary>A JSON array here is merged item by item.</summary>
    public bool IsGranularList => _shape == FieldShape.List && _field?.ListType is "map" or "set";

    /// <summary>Keys of a JSON object here are declared fields, not data.</summary>
    public bool HasField(string name) =>
        _shape == FieldShape.Single && _type is not null && _type.TryGetField(name, out _);

    /// <summary>The place below a key of a JSON object.</summary>
    public SchemaNode Below(string name) => _shape switch
    {
        FieldShape.Map => new SchemaNode(_type, null, FieldShape.Single),
        FieldShape.MapOfLists => new SchemaNode(_type, null, FieldShape.List),
        _ when _type is not null && _type.TryGetField(name, out FieldDefinition? field) =>
            new SchemaNode(field.Type, field, field.Shape),
        _ => default,
    };

    /// <summary>The place of an item of a granular list.</summary>
    public SchemaNode Item() => new(_type, null, FieldShape.Single);

    /// <summary>The path element of an item of a granular list: by its keys, or for a set by its value.</summary>
    public string ItemElement(JsonNode? item) => _field?.ListType == "map" && item is JsonObject json
        ? PathElements.Key(json, _field.ListMapKeys, in this)
        : PathElements.Value(item);

    /// <summary>The key field that an item of a list leaves out although its schema has no default for it; null when none.</summary>
    public string? MissingKey(JsonNode? item) => _field?.ListType == "map" && item is JsonObject json
        ? FirstMissing(json)
        : null;

    /// <summary>
    /// The fields that are there even in an object in which nobody set anything, so that nobody comes to own them as a whole: parts
    /// that upstream's structs hold by value (true), and required lists (false). None below <paramref name="depth"/> 8, for types may hold
    /// themselves.
    /// </summary>
    public IReadOnlyDictionary<string, bool> ImpliedFields(int depth) =>
        depth >= DeepestImplied || _shape != FieldShape.Single || _type is null or { IsUnstructured: true }
            ? NoFields
            : ImpliedByType.GetValue(_type, static type => type.Fields
                .Where(field => field.Shape == FieldShape.Single
                    ? HeldByValue.Contains(field.Name) && field.Type.Form == TypeForm.Object
                    : field.IsRequired && field.Shape == FieldShape.List)
                .ToFrozenDictionary(field => field.Name, field => field.Shape == FieldShape.Single, StringComparer.Ordinal));

    private string? FirstMissing(JsonObject json)
    {
        foreach (string key in _field?.ListMapKeys ?? [])
        {
            if (json[key] is null && KeyDefault(key) is null)
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>What the schema says of a key field that an item of a list leaves out, or null.</summary>
    public JsonNode? KeyDefault(string key) =>
        _type is not null && _type.TryGetField(key, out FieldDefinition? field) && field.Default is { } text
            ? JsonNode.Parse(text)
            : null;
}
