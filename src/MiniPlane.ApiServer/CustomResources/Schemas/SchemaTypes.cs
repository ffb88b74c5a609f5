using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.CustomResources.Schemas;

/// <summary>
/// A structural schema as a type of the catalogue, so that server-side apply treats custom kinds as it treats built-in ones: list
/// types, map keys, atomic maps. Decoding and validation go by the schema itself.
/// </summary>
internal static class SchemaTypes
{
    public static TypeDefinition Root(StructuralSchema schema, string name)
    {
        BuiltInCatalogue builtIn = BuiltInCatalogue.Instance;
        TypeDefinition text = Built(builtIn, "string");
        return new TypeDefinition(name, TypeForm.Object, "", () =>
        [
            new FieldDefinition { Name = "kind", Type = text },
            new FieldDefinition { Name = "apiVersion", Type = text },
            new FieldDefinition { Name = "metadata", Type = Built(builtIn, "meta.v1.ObjectMeta") },
            .. Fields(schema, name).Where(field => field.Name is not ("kind" or "apiVersion" or "metadata")),
        ])
        {
            PreservesUnknownFields = schema.PreservesUnknownFields,
            MapType = schema.MapType,
            IsUnstructured = true,
        };
    }

    private static TypeDefinition Built(BuiltInCatalogue catalogue, string name) =>
        catalogue.FindType(name) ?? throw new InvalidOperationException($"The catalogue has no type {name}.");

    private static IEnumerable<FieldDefinition> Fields(StructuralSchema schema, string owner) =>
        schema.Properties.Select(pair => Field(pair.Key, pair.Value, $"{owner}.{pair.Key}", schema.Rules.Required.Contains(pair.Key, StringComparer.Ordinal)));

    private static FieldDefinition Field(string name, StructuralSchema schema, string path, bool isRequired)
    {
        (FieldShape shape, StructuralSchema element) = schema switch
        {
            { Type: "array", Items: { } items } => (FieldShape.List, items),
            { Type: "object", AdditionalProperties: { Type: "array", Items: { } items } } => (FieldShape.MapOfLists, items),
            { Type: "object", AdditionalProperties: { } values } => (FieldShape.Map, values),
            _ => (FieldShape.Single, schema),
        };
        return new FieldDefinition
        {
            Name = name,
            Type = Type(element, path),
            Shape = shape,
            IsRequired = isRequired && shape == FieldShape.Single,
            Default = schema.Default?.ToJsonString(),
            ListType = schema.ListType,
            ListMapKeys = schema.ListMapKeys,
            MapType = schema.MapType,
        };
    }

    private static TypeDefinition Type(StructuralSchema schema, string path)
    {
        TypeForm form = schema switch
        {
            { IsIntOrString: true } => TypeForm.IntOrString,
            { Type: "object", Properties.Count: > 0 } => TypeForm.Object,
            { Type: "string" } => TypeForm.String,
            { Type: "boolean" } => TypeForm.Boolean,
            { Type: "integer" } => TypeForm.Int64,
            { Type: "number" } => TypeForm.Double,
            _ => TypeForm.Any,
        };
        return new TypeDefinition(path, form, "", () => Fields(schema, path))
        {
            PreservesUnknownFields = schema.PreservesUnknownFields || form == TypeForm.Any,
            MapType = schema.MapType,
        };
    }
}
