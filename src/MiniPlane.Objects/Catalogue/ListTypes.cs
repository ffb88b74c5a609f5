namespace MiniPlane.Objects.Catalogue;

/// <summary>Makes the list type of a kind; all list types have the same four fields, so no file has to say them.</summary>
internal static class ListTypes
{
    public static TypeDefinition For(TypeDefinition item, TypeDefinition listMeta, TypeDefinition text) =>
        new(item.Name + "List", TypeForm.Object, $"A list of {item.Name[(item.Name.LastIndexOf('.') + 1)..]} objects.", () =>
        [
            new FieldDefinition { Name = "kind", Type = text, Description = "Kind of this list." },
            new FieldDefinition
            {
                Name = "apiVersion", Type = text, Description = "API version of this list, as group and version.",
            },
            new FieldDefinition
            {
                Name = "metadata", Type = listMeta, ProtoNumber = 1, Description = "Metadata of the list, as its revision.",
            },
            new FieldDefinition
            {
                Name = "items",
                Type = item,
                Shape = FieldShape.List,
                IsRequired = true,
                ProtoNumber = 2,
                Description = $"List of {Plural(item)}, by namespace and name.",
            },
        ]);

    private static string Plural(TypeDefinition item) =>
        item.Name[(item.Name.LastIndexOf('.') + 1)..].ToLowerInvariant() switch
        {
            [.., 's', 's'] name => name + "es",
            [.., 's'] name => name,
            [.. var stem, 'c' or 'd' or 't', 'y'] name => stem + name[^2] + "ies",
            string name => name + "s",
        };
}
