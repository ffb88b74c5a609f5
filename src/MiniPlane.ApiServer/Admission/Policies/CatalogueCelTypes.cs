using MiniPlane.Cel;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Admission.Policies;

/// <summary>The catalogue's types as expressions see them, for checking a policy against the kinds it names.</summary>
internal static class CatalogueCelTypes
{
    // Types may contain themselves; from here on nothing is known.
    private const int DeepestNesting = 12;

    public static CelType Of(TypeDefinition type) => Of(type, 0);

    private static CelType Of(TypeDefinition type, int depth)
    {
        if (depth > DeepestNesting)
        {
            return CelType.Dyn;
        }

        return type.Form switch
        {
            TypeForm.Object => CelType.Object(type.Name, type.Fields.ToDictionary(field => field.Name, field => Of(field, depth + 1), StringComparer.Ordinal), type.PreservesUnknownFields),
            TypeForm.String => CelType.String,
            TypeForm.Boolean => CelType.Bool,
            TypeForm.Int32 or TypeForm.Int64 => CelType.Int,
            TypeForm.Double => CelType.Double,
            TypeForm.Bytes => CelType.Bytes,
            TypeForm.Time or TypeForm.MicroTime => CelType.Timestamp,
            _ => CelType.Dyn,
        };
    }

    private static CelType Of(FieldDefinition field, int depth) => field.Shape switch
    {
        FieldShape.List => CelType.List(Of(field.Type, depth)),
        FieldShape.Map => CelType.Map(CelType.String, Of(field.Type, depth)),
        FieldShape.MapOfLists => CelType.Map(CelType.String, CelType.List(Of(field.Type, depth))),
        _ => Of(field.Type, depth),
    };
}
