using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Patches;

/// <summary>
/// Where in the types a strategic merge patch is: what is below a name, and how lists there merge. Below free-form values
/// nothing is known, and everything merges as plain JSON.
/// </summary>
internal readonly record struct PatchSchema(TypeDefinition? Type, FieldShape Shape)
{
    public static PatchSchema Of(TypeDefinition type) => new(type, FieldShape.Single);

    /// <summary>The field behind a name in an object of this type, or null.</summary>
    public FieldDefinition? Field(string name) =>
        Shape == FieldShape.Single && Type is { Form: TypeForm.Object } type && type.TryGetField(name, out FieldDefinition? field)
            ? field
            : null;

    /// <summary>What is below a name: a field's value, or a map's element.</summary>
    public PatchSchema Below(string name) => Shape switch
    {
        FieldShape.Map => new PatchSchema(Type, FieldShape.Single),
        FieldShape.MapOfLists => new PatchSchema(Type, FieldShape.List),
        _ => Field(name) is { } field ? new PatchSchema(field.Type, field.Shape) : new PatchSchema(null, FieldShape.Single),
    };

    /// <summary>One element of a list of this.</summary>
    public PatchSchema Element => new(Type, FieldShape.Single);

    public static bool Merges(FieldDefinition? field) => HasStrategy(field, "merge");

    public static bool HasStrategy(FieldDefinition? field, string name) =>
        field?.PatchStrategy is { } strategy && strategy.Split(',').Contains(name, StringComparer.Ordinal);

    public static bool IsScalarList(JsonArray? list) => list is null || list.All(item => item is not (JsonObject or JsonArray));
}
