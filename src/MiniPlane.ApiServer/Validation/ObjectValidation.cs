using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>
/// kube-apiserver's semantic rules (pkg/apis/*/validation) with its wording, after the schema's own checks of types, required fields
/// and enums. One line per kind in <see cref="KindRules"/>.
/// </summary>
public static class ObjectValidation
{
    /// <summary>Checks an object that shall be created, after defaulting, admission and the strategy.</summary>
    public static void Create(KindDefinition kind, JsonObject obj, FieldErrors errors)
    {
        MetadataValidation.Validate(kind, obj, errors);
        KindRule? rules = KindRules.For(kind);
        rules?.Create(obj, errors);
        SchemaRules.Validate(kind, obj, errors);
    }

    /// <summary>
    /// Checks a change of a stored object. With a <paramref name="subresource"/> only what that may change is checked.
    /// </summary>
    public static void Update(KindDefinition kind, JsonObject obj, JsonObject old, string? subresource, FieldErrors errors)
    {
        JsonObject metadata = obj.Object("metadata") ?? [];
        MetadataValidation.ValidateForm(kind, metadata, errors);

        // Upstream's registry and each kind's strategy both judge the metadata of a change, so clients see these causes twice.
        MetadataRules.ValidateUpdate(obj, old, errors);
        MetadataValidation.ValidateForm(kind, metadata, errors);
        KindRule? rules = KindRules.For(kind);
        if (subresource is not null)
        {
            rules?.UpdateSubresource(subresource, obj, old, errors);
            return;
        }

        rules?.Update(obj, old, errors);
        if (rules is null or { ChecksObjectOnUpdate: true })
        {
            SchemaRules.Validate(kind, obj, errors);
        }
    }
}
