using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Decoding;

/// <summary>What upstream's error texts call our types.</summary>
internal static class GoTypeNames
{
    /// <summary><c>PodSpec</c> of <c>core.v1.PodSpec</c>.</summary>
    public static string Short(TypeDefinition type) => type.Name[(type.Name.LastIndexOf('.') + 1)..];

    public static string Of(FieldDefinition field) => field.Shape switch
    {
        FieldShape.List => "[]" + Of(field.Type),
        FieldShape.Map => "map[string]" + Of(field.Type),
        FieldShape.MapOfLists => "map[string][]" + Of(field.Type),
        _ => Of(field.Type),
    };

    public static string Of(TypeDefinition type) => type.Form switch
    {
        TypeForm.String or TypeForm.Time or TypeForm.MicroTime => "string",
        TypeForm.Boolean => "bool",
        TypeForm.Int32 or TypeForm.IntOrString => "int32",
        TypeForm.Int64 => "int64",
        TypeForm.Double => "float64",
        TypeForm.Bytes => "[]uint8",
        TypeForm.Quantity => "resource.Quantity",
        _ => WithVersion(type.Name),
    };

    // Go has the package, which is the version, and the name: v1.PodSpec.
    private static string WithVersion(string name)
    {
        int last = name.LastIndexOf('.');
        int before = last > 0 ? name.LastIndexOf('.', last - 1) : -1;
        return before < 0 ? name : name[(before + 1)..];
    }
}
