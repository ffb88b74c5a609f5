using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.CustomResources.Conversion;
using MiniPlane.ApiServer.CustomResources.Schemas;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.CustomResources;

/// <summary>Makes the kinds of a CustomResourceDefinition: one for each version, served or not, with the accepted names.</summary>
internal static class CustomKinds
{
    // The order in which upstream lists the verbs of custom kinds.
    private static readonly string[] AllVerbs =
        ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];

    // While the definition goes away nothing new is made, but finalizers must still be taken off.
    private static readonly string[] TerminatingVerbs = ["delete", "deletecollection", "get", "list", "patch", "update", "watch"];
    private static readonly string[] PartVerbs = ["get", "patch", "update"];

    /// <summary>All versions, the preferred one first; each says in <see cref="CustomVersion.IsServed"/> whether clients see it.</summary>
    public static IReadOnlyList<CustomVersion> Of(
        JsonObject definition, long schemaRevision, CancellationToken ended)
    {
        List<CustomVersion> made = [];
        foreach (JsonObject version in definition.Objects("spec", "versions"))
        {
            made.Add(new CustomVersion(
                Make(definition, version, schemaRevision, ended), version.Flag("served") == true, version.Flag("storage") == true));
        }

        KindDefinition? storage = made.Find(version => version.IsStorage)?.Kind ?? made.FirstOrDefault()?.Kind;
        foreach (CustomVersion version in made)
        {
            if (storage is not null && version.Kind.Custom is CustomResource custom)
            {
                custom.Complete(storage, [.. made.Select(one => one.Kind)]);
            }
        }

        return [.. made.OrderBy(version => version.Kind.Version, VersionPriority.Comparer)];
    }

    private static KindDefinition Make(JsonObject definition, JsonObject version, long schemaRevision, CancellationToken ended)
    {
        JsonObject names = definition.Object("status", "acceptedNames") ?? [];
        string group = definition.TextOrEmpty("spec", "group");
        string name = version.TextOrEmpty("name");
        string kind = names.TextOrEmpty("kind");
        JsonObject source = version.Object("schema", "openAPIV3Schema") ?? [];
        StructuralSchema schema = SchemaReader.Read(source);
        bool isTerminating = definition.Has("metadata", "deletionTimestamp");
        return new KindDefinition
        {
            Group = group,
            Version = name,
            Kind = kind,
            Plural = names.TextOrEmpty("plural"),
            Singular = names.TextOrEmpty("singular"),
            ShortNames = [.. names.Texts("shortNames")],
            Categories = [.. names.Texts("categories")],
            IsNamespaced = definition.Text("spec", "scope") == "Namespaced",
            Verbs = isTerminating ? TerminatingVerbs : AllVerbs,
            ListKind = names.TextOrEmpty("listKind") is { Length: > 0 } listKind ? listKind : kind + "List",
            Subresources = [.. Subresources(version, kind, group)],
            Columns = Columns(version),
            Type = SchemaTypes.Root(schema, $"{group}.{name}.{kind}"),
            StorageVersion = StorageVersion(definition) ?? name,
            Custom = new CustomResource
            {
                Schema = schema,
                Source = (JsonObject)source.DeepClone(),
                SelectableFields = [.. version.Objects("selectableFields").Select(field => field.TextOrEmpty("jsonPath").TrimStart('.'))],
                DeprecationWarning = Deprecation(version, group, kind),
                Scale = Scale(version),
                Conversion = ConversionWebhook.Read(definition),
                IsTerminating = isTerminating,
                HasSeveralVersions = definition.Array("spec", "versions") is { Count: > 1 }
                    || definition.Texts("status", "storedVersions").Any(stored => stored != name),
                SchemaRevision = schemaRevision,
                Ended = ended,
            },
        };
    }

    private static string? StorageVersion(JsonObject definition) =>
        definition.Objects("spec", "versions").FirstOrDefault(version => version.Flag("storage") == true)?.Text("name");

    private static IEnumerable<SubresourceDefinition> Subresources(JsonObject version, string kind, string group)
    {
        if (version.Has("subresources", "status"))
        {
            yield return new SubresourceDefinition("status", kind, group, version.TextOrEmpty("name"), PartVerbs);
        }

        if (version.Has("subresources", "scale"))
        {
            yield return new SubresourceDefinition("scale", "Scale", "autoscaling", "v1", PartVerbs);
        }
    }

    private static ScalePaths? Scale(JsonObject version) => version.Object("subresources", "scale") is { } scale
        ? new ScalePaths(scale.TextOrEmpty("specReplicasPath"), scale.TextOrEmpty("statusReplicasPath"), scale.TextOrEmpty("labelSelectorPath"))
        : null;

    private static string? Deprecation(JsonObject version, string group, string kind)
    {
        if (version.Flag("deprecated") != true)
        {
            return null;
        }

        return version.Text("deprecationWarning") is { Length: > 0 } text
            ? text
            : string.Create(CultureInfo.InvariantCulture, $"{group}/{version.TextOrEmpty("name")} {kind} is deprecated");
    }

    // Without columns of its own a kind shows its name and age; with them, its name and those.
    private static List<ColumnDefinition> Columns(JsonObject version)
    {
        if (version.Array("additionalPrinterColumns") is not { Count: > 0 })
        {
            return [];
        }

        List<ColumnDefinition> columns = [new("Name", "string", "name", 0, Tables.TableColumns.NameDescription, null)];
        foreach (JsonObject column in version.Objects("additionalPrinterColumns"))
        {
            string name = column.TextOrEmpty("name");
            columns.Add(new ColumnDefinition(
                name,
                column.TextOrEmpty("type"),
                column.TextOrEmpty("format"),
                (int)(column.Integer("priority") ?? 0),
                column.Text("description") is { Length: > 0 } text
                    ? text
                    : $"Custom resource definition column (in JSONPath format): {column.TextOrEmpty("jsonPath")}",
                column.TextOrEmpty("jsonPath")));
        }

        return columns;
    }
}
