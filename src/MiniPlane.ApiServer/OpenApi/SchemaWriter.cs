using System.Text.Json;
using MiniPlane.ApiServer.Discovery;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.OpenApi;

/// <summary>Writes types and fields as JSON schemas with Kubernetes' own extensions (x-kubernetes-…).</summary>
internal sealed class SchemaWriter(Utf8JsonWriter writer, OpenApiFormat format)
{
    // Types of custom kinds are written in place; one that contains itself ends here.
    private const int DeepestNesting = 40;

    private int _depth;

    private string ReferencePrefix => format == OpenApiFormat.V2 ? "#/definitions/" : "#/components/schemas/";

    /// <summary>The schema of a named type, without the name.</summary>
    public void WriteType(TypeDefinition type, IReadOnlyList<GroupVersionKind> kinds)
    {
        writer.WriteStartObject();
        if (type.Description.Length > 0)
        {
            writer.WriteString("description", type.Description);
        }

        WriteBody(type);
        if (kinds.Count > 0)
        {
            writer.WriteStartArray("x-kubernetes-group-version-kind");
            foreach (GroupVersionKind kind in kinds)
            {
                kind.Write(writer);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    /// <summary>A reference to a published name, as the whole schema.</summary>
    public void WriteReference(string componentName)
    {
        writer.WriteStartObject();
        writer.WriteString("$ref", ReferencePrefix + componentName);
        writer.WriteEndObject();
    }

    private void WriteBody(TypeDefinition type)
    {
        switch (type.Form)
        {
            case TypeForm.Object:
                WriteObject(type);
                break;
            case TypeForm.Any:
                WriteFreeForm(type);
                break;
            default:
                WriteScalar(type.Form);
                break;
        }
    }

    private void WriteObject(TypeDefinition type)
    {
        writer.WriteString("type", "object");
        if (type.Fields.Count > 0)
        {
            writer.WriteStartObject("properties");
            foreach (FieldDefinition field in type.Fields)
            {
                writer.WritePropertyName(field.Name);
                WriteField(field);
            }

            writer.WriteEndObject();
        }

        JsonBytes.WriteList(writer, "required", [.. type.Fields.Where(field => field.IsRequired).Select(field => field.Name)]);
        if (type.MapType is { } mapType)
        {
            writer.WriteString("x-kubernetes-map-type", mapType);
        }

        if (type.PreservesUnknownFields)
        {
            writer.WriteBoolean("x-kubernetes-preserve-unknown-fields", true);
        }
    }

    // JSON may be anything at all; raw extensions, patches and field sets are at least objects.
    private void WriteFreeForm(TypeDefinition type)
    {
        if (!type.Name.StartsWith("apiextensions.v1.JSON", StringComparison.Ordinal) && ComponentNames.IsBuiltIn(type))
        {
            writer.WriteString("type", "object");
        }
        else if (!ComponentNames.IsBuiltIn(type))
        {
            writer.WriteBoolean("x-kubernetes-preserve-unknown-fields", true);
        }
    }

    private void WriteScalar(TypeForm form)
    {
        switch (form)
        {
            case TypeForm.Boolean: WriteTypeAndFormat("boolean", null); break;
            case TypeForm.Int32: WriteTypeAndFormat("integer", "int32"); break;
            case TypeForm.Int64: WriteTypeAndFormat("integer", "int64"); break;
            case TypeForm.Double: WriteTypeAndFormat("number", "double"); break;
            case TypeForm.Bytes: WriteTypeAndFormat("string", "byte"); break;
            case TypeForm.Time or TypeForm.MicroTime: WriteTypeAndFormat("string", "date-time"); break;
            case TypeForm.Quantity: WriteEither(null, "string", "number"); break;
            case TypeForm.IntOrString: WriteEither("int-or-string", "integer", "string"); break;
            default: WriteTypeAndFormat("string", null); break;
        }
    }

    private void WriteTypeAndFormat(string type, string? typeFormat)
    {
        writer.WriteString("type", type);
        if (typeFormat is not null)
        {
            writer.WriteString("format", typeFormat);
        }
    }

    // Swagger 2.0 cannot say "either"; upstream says string there.
    private void WriteEither(string? typeFormat, params ReadOnlySpan<string> types)
    {
        if (format == OpenApiFormat.V2)
        {
            WriteTypeAndFormat("string", typeFormat);
            return;
        }

        if (typeFormat is not null)
        {
            writer.WriteString("format", typeFormat);
        }

        writer.WriteStartArray("oneOf");
        foreach (string type in types)
        {
            writer.WriteStartObject();
            writer.WriteString("type", type);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private void WriteField(FieldDefinition field)
    {
        writer.WriteStartObject();
        if (field.Description.Length > 0)
        {
            writer.WriteString("description", field.Description);
        }

        if (field.Default is { } given)
        {
            writer.WritePropertyName("default");
            writer.WriteRawValue(given);
        }

        switch (field.Shape)
        {
            case FieldShape.List:
                writer.WriteString("type", "array");
                writer.WritePropertyName("items");
                WriteElement(field);
                break;
            case FieldShape.Map:
                writer.WriteString("type", "object");
                writer.WritePropertyName("additionalProperties");
                WriteElement(field);
                break;
            case FieldShape.MapOfLists:
                writer.WriteString("type", "object");
                writer.WriteStartObject("additionalProperties");
                writer.WriteString("type", "array");
                writer.WritePropertyName("items");
                WriteElement(field);
                writer.WriteEndObject();
                break;
            default:
                WriteInner(field, allOf: format == OpenApiFormat.V3);
                break;
        }

        WriteExtensions(field);
        writer.WriteEndObject();
    }

    private void WriteElement(FieldDefinition field)
    {
        writer.WriteStartObject();
        WriteInner(field, allOf: false);
        writer.WriteEndObject();
    }

    // OpenAPI 3.0 ignores everything beside a $ref, so there it goes into an allOf.
    private void WriteInner(FieldDefinition field, bool allOf)
    {
        TypeDefinition type = field.Type;
        bool isNamed = type.Name.Contains('.', StringComparison.Ordinal) && ComponentNames.IsBuiltIn(type);
        if (isNamed && allOf)
        {
            writer.WriteStartArray("allOf");
            WriteReference(ComponentNames.Of(type));
            writer.WriteEndArray();
        }
        else if (isNamed)
        {
            writer.WriteString("$ref", ReferencePrefix + ComponentNames.Of(type));
        }
        else if (_depth < DeepestNesting)
        {
            _depth++;
            WriteBody(type);
            _depth--;
        }

        JsonBytes.WriteList(writer, "enum", field.Enum);
    }

    private void WriteExtensions(FieldDefinition field)
    {
        JsonBytes.WriteList(writer, "x-kubernetes-list-map-keys", field.ListMapKeys);
        WriteExtension("x-kubernetes-list-type", field.ListType);
        WriteExtension("x-kubernetes-map-type", field.MapType);
        WriteExtension("x-kubernetes-patch-merge-key", field.PatchMergeKey);
        WriteExtension("x-kubernetes-patch-strategy", field.PatchStrategy);
    }

    private void WriteExtension(string name, string? value)
    {
        if (value is not null)
        {
            writer.WriteString(name, value);
        }
    }
}
