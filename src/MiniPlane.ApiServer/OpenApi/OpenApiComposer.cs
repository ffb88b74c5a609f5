using System.Text.Json;
using MiniPlane.ApiServer.CustomResources;
using MiniPlane.ApiServer.Discovery;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.OpenApi;

/// <summary>Puts one OpenAPI document together: head, paths, and all schemas that they need.</summary>
internal sealed class OpenApiComposer(IReadOnlyCollection<KindDefinition> kinds, OpenApiFormat format)
{
    private static readonly string[] AlwaysThere = ["meta.v1.DeleteOptions", "meta.v1.Status", "meta.v1.Patch", "meta.v1.APIResourceList"];

    public ReadOnlyMemory<byte> Compose() => JsonBytes.Write(Write);

    private static GroupVersionKind[] KindsOf(TypeDefinition type, Dictionary<string, GroupVersionKind> known) =>
        known.TryGetValue(type.Name, out GroupVersionKind? kind) ? [kind] : [];

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteString(format == OpenApiFormat.V2 ? "swagger" : "openapi", format == OpenApiFormat.V2 ? "2.0" : "3.0.0");
        writer.WriteStartObject("info");
        writer.WriteString("title", "Kubernetes");
        writer.WriteString("version", "v1.36.0");
        writer.WriteEndObject();
        writer.WriteStartObject("paths");
        var paths = new PathWriter(writer, format);
        foreach (KindDefinition kind in kinds)
        {
            paths.Write(kind);
        }

        writer.WriteEndObject();
        WriteComponents(writer);
    }

    private void WriteComponents(Utf8JsonWriter writer)
    {
        if (format == OpenApiFormat.V3)
        {
            writer.WriteStartObject("components");
        }

        writer.WriteStartObject(format == OpenApiFormat.V2 ? "definitions" : "schemas");
        var schemas = new SchemaWriter(writer, format);
        Dictionary<string, GroupVersionKind> known = KnownKinds();
        foreach ((string name, TypeDefinition type) in Collect().Types)
        {
            writer.WritePropertyName(name);
            schemas.WriteType(type, KindsOf(type, known));
        }

        foreach (KindDefinition kind in kinds.Where(kind => !ComponentNames.IsBuiltIn(kind.Type)))
        {
            WriteCustom(writer, schemas, kind);
        }

        writer.WriteEndObject();
        if (format == OpenApiFormat.V3)
        {
            writer.WriteEndObject();
        }
    }

    private SchemaCollector Collect()
    {
        var collector = new SchemaCollector();
        foreach (string name in AlwaysThere)
        {
            collector.Add(name);
        }

        foreach (KindDefinition kind in kinds)
        {
            collector.Add(kind.Type);
            collector.Add(kind.Type.Name + "List");
            collector.Add("meta.v1.ListMeta");
            foreach (SubresourceDefinition subresource in kind.Subresources.Where(sub => !sub.Kind.EndsWith("Options", StringComparison.Ordinal)))
            {
                string package = subresource.Group.Length == 0 ? "core" : subresource.Group.Split('.')[0];
                collector.Add($"{package}.{subresource.Version}.{subresource.Kind}");
            }
        }

        return collector;
    }

    // Which kind a type is the body of, by the type's name.
    private Dictionary<string, GroupVersionKind> KnownKinds()
    {
        var known = new Dictionary<string, GroupVersionKind>(StringComparer.Ordinal)
        {
            ["meta.v1.DeleteOptions"] = new("", "v1", "DeleteOptions"),
            ["meta.v1.Status"] = new("", "v1", "Status"),
            ["autoscaling.v1.Scale"] = new("autoscaling", "v1", "Scale"),
            ["policy.v1.Eviction"] = new("policy", "v1", "Eviction"),
            ["authentication.v1.TokenRequest"] = new("authentication.k8s.io", "v1", "TokenRequest"),
        };
        foreach (KindDefinition kind in kinds)
        {
            known[kind.Type.Name] = new GroupVersionKind(kind.Group, kind.Version, kind.Kind);
            known[kind.Type.Name + "List"] = new GroupVersionKind(kind.Group, kind.Version, kind.ListKind);
        }

        return known;
    }

    private void WriteCustom(Utf8JsonWriter writer, SchemaWriter schemas, KindDefinition kind)
    {
        writer.WritePropertyName(ComponentNames.OfCustom(kind));
        if (kind.Custom is CustomResource custom)
        {
            CustomSchemas.Published(custom, kind, format).WriteTo(writer);
        }
        else
        {
            schemas.WriteType(kind.Type, [new GroupVersionKind(kind.Group, kind.Version, kind.Kind)]);
        }

        writer.WriteStartObject(ComponentNames.OfCustom(kind, "List"));
        writer.WriteString("description", $"A list of {kind.Kind} objects.");
        writer.WriteString("type", "object");
        writer.WriteStartObject("properties");
        writer.WritePropertyName("metadata");
        schemas.WriteReference("io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta");
        writer.WriteStartObject("items");
        writer.WriteString("type", "array");
        writer.WritePropertyName("items");
        schemas.WriteReference(ComponentNames.OfCustom(kind));
        writer.WriteEndObject();
        writer.WriteEndObject();
        JsonBytes.WriteList(writer, "required", ["items"]);
        writer.WriteStartArray("x-kubernetes-group-version-kind");
        new GroupVersionKind(kind.Group, kind.Version, kind.ListKind).Write(writer);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
