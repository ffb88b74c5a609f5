using System.Text.Json;
using MiniPlane.ApiServer.Discovery;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.OpenApi;

/// <summary>Writes the paths of kinds with their operations, in either format.</summary>
internal sealed class PathWriter(Utf8JsonWriter writer, OpenApiFormat format)
{
    private static readonly string[] Produces = ["application/json", "application/yaml"];

    private readonly SchemaWriter _schemas = new(writer, format);

    public void Write(KindDefinition kind)
    {
        string tag = (kind.Group.Length == 0 ? "core" : kind.Group.Split('.')[0]) + "_" + kind.Version;
        foreach ((string path, IReadOnlyList<Operation> operations) in new KindOperations(kind).All())
        {
            writer.WriteStartObject(path);
            foreach (Operation operation in operations)
            {
                WriteOperation(operation, tag);
            }

            writer.WriteStartArray("parameters");
            WritePathParameter(path, "name", $"Name of the {kind.Kind}.");
            WritePathParameter(path, "namespace", "The namespace of the objects.");
            WriteParameter(OperationParameter.Pretty);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }
    }

    private void WriteOperation(Operation operation, string tag)
    {
        writer.WriteStartObject(operation.Method);
        JsonBytes.WriteList(writer, "tags", [tag]);
        writer.WriteString("description", operation.Description);
        writer.WriteString("operationId", operation.Id);
        if (format == OpenApiFormat.V2)
        {
            JsonBytes.WriteList(writer, "consumes", operation.Consumes);
            JsonBytes.WriteList(writer, "produces", operation.Answer is null ? ["*/*"] : Produces);
        }

        writer.WriteStartArray("parameters");
        if (format == OpenApiFormat.V2 && operation.Body is { } body)
        {
            WriteBodyParameter(body, operation.Action is not ("delete" or "deletecollection"));
        }

        foreach (OperationParameter parameter in operation.Parameters)
        {
            WriteParameter(parameter);
        }

        writer.WriteEndArray();
        WriteRequestBody(operation);
        WriteResponses(operation);
        writer.WriteString("x-kubernetes-action", operation.Action);
        writer.WritePropertyName("x-kubernetes-group-version-kind");
        operation.Kind.Write(writer);
        writer.WriteEndObject();
    }

    private void WriteBodyParameter(string type, bool isRequired)
    {
        writer.WriteStartObject();
        writer.WriteString("name", "body");
        writer.WriteString("in", "body");
        writer.WriteBoolean("required", isRequired);
        writer.WritePropertyName("schema");
        _schemas.WriteReference(type);
        writer.WriteEndObject();
    }

    private void WriteRequestBody(Operation operation)
    {
        if (format == OpenApiFormat.V2 || operation.Body is not { } body)
        {
            return;
        }

        writer.WriteStartObject("requestBody");
        writer.WriteStartObject("content");
        foreach (string type in operation.Consumes)
        {
            WriteContent(type, body);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private void WriteContent(string mediaType, string componentName)
    {
        writer.WriteStartObject(mediaType);
        writer.WritePropertyName("schema");
        _schemas.WriteReference(componentName);
        writer.WriteEndObject();
    }

    private void WriteResponses(Operation operation)
    {
        writer.WriteStartObject("responses");
        WriteResponse("200", "OK", operation.Answer);
        if (operation.Action is "post" or "put" or "patch")
        {
            WriteResponse("201", "Created", operation.Answer);
        }

        if (operation.Action is "post" or "delete")
        {
            WriteResponse("202", "Accepted", operation.Answer);
        }

        WriteResponse("401", "Unauthorized", null);
        writer.WriteEndObject();
    }

    private void WriteResponse(string code, string description, string? type)
    {
        writer.WriteStartObject(code);
        writer.WriteString("description", description);
        if (type is not null && format == OpenApiFormat.V2)
        {
            writer.WritePropertyName("schema");
            _schemas.WriteReference(type);
        }
        else if (type is not null)
        {
            writer.WriteStartObject("content");
            foreach (string mediaType in Produces)
            {
                WriteContent(mediaType, type);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private void WritePathParameter(string path, string name, string description)
    {
        if (!path.Contains($"{{{name}}}", StringComparison.Ordinal))
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("name", name);
        writer.WriteString("in", "path");
        writer.WriteString("description", description);
        writer.WriteBoolean("required", true);
        WriteParameterType("string");
        writer.WriteEndObject();
    }

    private void WriteParameter(OperationParameter parameter)
    {
        writer.WriteStartObject();
        writer.WriteString("name", parameter.Name);
        writer.WriteString("in", "query");
        writer.WriteString("description", parameter.Description);
        WriteParameterType(parameter.Type);
        writer.WriteEndObject();
    }

    private void WriteParameterType(string type)
    {
        if (format == OpenApiFormat.V3)
        {
            writer.WriteStartObject("schema");
        }

        writer.WriteString("type", type);
        writer.WriteBoolean("uniqueItems", true);
        if (format == OpenApiFormat.V3)
        {
            writer.WriteEndObject();
        }
    }
}
