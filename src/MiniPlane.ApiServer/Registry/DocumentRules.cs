using System.Text.Json.Nodes;
using MiniPlane.ApiServer.CustomResources;
using MiniPlane.ApiServer.Defaulting;
using MiniPlane.ApiServer.Strategies;
using MiniPlane.ApiServer.Validation;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Decoding;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Registry;

/// <summary>
/// The one place where the registry meets the rules about content: decoding, defaults, what a kind prepares, what is valid.
/// </summary>
internal static class DocumentRules
{
    /// <summary>
    /// Checks a body against its kind's schema, drops what the schema does not know, and fills in the defaults. The body is taken
    /// over.
    /// </summary>
    public static JsonObject Decode(KindDefinition kind, JsonObject body, WriteScope scope)
    {
        DecodedObject decoded = kind.Custom is CustomResource custom
            ? CustomDecoder.Decode(body, kind, custom, scope.DuplicateFields)
            : ObjectDecoder.Decode(body, kind, scope.DuplicateFields);
        Report(kind, decoded, scope);
        decoded.Json["kind"] = kind.Kind;
        decoded.Json["apiVersion"] = kind.ApiVersion;
        ObjectDefaults.Apply(kind, decoded.Json);
        if (kind.IsPod())
        {
            PodStatusForm.Complete(decoded.Json);
        }

        return decoded.Json;
    }

    /// <summary>Unknown fields and fields given twice are refused, told to the client, or passed over.</summary>
    public static void Report(KindDefinition kind, DecodedObject decoded, WriteScope scope)
    {
        if (scope.Validation == FieldValidation.Strict && ObjectDecoder.StrictRefusal(decoded, kind) is { } refusal)
        {
            throw refusal;
        }

        if (scope.Validation == FieldValidation.Warn)
        {
            foreach (string problem in decoded.Problems)
            {
                scope.Warnings.Add(problem);
            }
        }
    }

    public static void PrepareForCreate(KindDefinition kind, JsonObject obj) =>
        KindStrategies.For(kind).PrepareForCreate(obj);

    public static void PrepareForUpdate(KindDefinition kind, JsonObject obj, JsonObject old, string? subresource)
    {
        if (subresource is null)
        {
            KindStrategies.For(kind).PrepareForUpdate(obj, old);
        }
    }

    /// <summary>Throws Invalid with every wrong field of a new object.</summary>
    public static void ValidateCreate(KindDefinition kind, KindDefinition requested, JsonObject obj)
    {
        var errors = new FieldErrors();
        ObjectValidation.Create(kind, obj, errors);
        if (kind.Kind == "Event" && !kind.IsCustom())
        {
            EventRules.Create(requested, obj, errors);
        }

        (kind.Custom as CustomResource)?.Validate(obj, null, null, errors);
        Throw(kind, obj, errors);
    }

    /// <summary>Throws Invalid with every wrong field of a changed object.</summary>
    public static void ValidateUpdate(
        KindDefinition kind, KindDefinition requested, JsonObject obj, JsonObject old, string? subresource)
    {
        var errors = new FieldErrors();
        MetadataRules.ValidateUpdate(obj, old, errors);
        ObjectValidation.Update(kind, obj, old, subresource, errors);
        if (kind.Kind == "Event" && !kind.IsCustom())
        {
            EventRules.Update(requested, obj, old, errors);
        }

        (kind.Custom as CustomResource)?.Validate(obj, old, subresource, errors);
        Throw(kind, obj, errors);
    }

    /// <summary>Whether an update may leave out the resourceVersion that it is based on; throws Invalid when it may not.</summary>
    public static void CheckUnconditional(KindDefinition kind, string name)
    {
        if (!KindStrategies.For(kind).AllowsUnconditionalUpdate)
        {
            var errors = new FieldErrors();
            errors.Add("FieldValueInvalid", "Invalid value: 0x0: must be specified for an update", "metadata.resourceVersion");
            throw ApiErrors.Invalid(kind, name, errors.Causes);
        }
    }

    private static void Throw(KindDefinition kind, JsonObject obj, FieldErrors errors)
    {
        if (!errors.IsEmpty)
        {
            throw ApiErrors.Invalid(kind, obj.TextOrEmpty("metadata", "name"), errors.Causes);
        }
    }
}
