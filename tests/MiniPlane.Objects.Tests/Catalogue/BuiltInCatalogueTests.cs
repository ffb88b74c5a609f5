using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Tests.Facts;

namespace MiniPlane.Objects.Tests.Catalogue;

public sealed class BuiltInCatalogueTests
{
    private readonly BuiltInCatalogue _catalogue = BuiltInCatalogue.Instance;

    [Fact]
    public void Every_resource_of_the_API_is_there_with_its_names_verbs_and_subresources()
    {
        string[] expected = [.. ApiFacts.Resources.Select(fact => Describe(fact!)).Order(StringComparer.Ordinal)];

        // metrics.k8s.io is not kube-apiserver's own but metrics-server's.
        string[] actual = [.. _catalogue.Kinds.Where(kind => kind.Group != "metrics.k8s.io").Select(Describe).Order(StringComparer.Ordinal)];

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void Every_field_of_the_API_is_there_with_its_type_and_merge_rules()
    {
        var differences = new List<string>();
        foreach ((string typeName, JsonNode? type) in ApiFacts.Types)
        {
            TypeDefinition? found = _catalogue.FindType(typeName);
            foreach ((string name, JsonNode? field) in type!["fields"] as JsonObject ?? [])
            {
                string expected = Describe(name, field!);
                string actual = found is not null && found.TryGetField(name, out FieldDefinition? mine) ? Describe(mine, field!["proto"] is not null) : "-";
                if (expected != actual)
                {
                    differences.Add($"{typeName}: {expected} but {actual}");
                }
            }
        }

        Assert.Empty(differences);
    }

    [Fact]
    public void Types_have_their_map_type_and_their_form()
    {
        string[] atomic = [.. ApiFacts.Types.Where(type => type.Value!["mapType"] is not null).Select(type => type.Key)];

        Assert.All(atomic, name => Assert.Equal("atomic", _catalogue.FindType(name)?.MapType));
        Assert.Equal(TypeForm.Quantity, _catalogue.FindType("api.resource.Quantity")?.Form);
        Assert.Equal(TypeForm.Time, _catalogue.FindType("meta.v1.Time")?.Form);
        Assert.Equal(TypeForm.MicroTime, _catalogue.FindType("meta.v1.MicroTime")?.Form);
        Assert.Equal(TypeForm.IntOrString, _catalogue.FindType("util.intstr.IntOrString")?.Form);
        Assert.Equal(TypeForm.Any, _catalogue.FindType("runtime.RawExtension")?.Form);
    }

    [Fact]
    public void Every_table_has_the_columns_of_the_API()
    {
        Assert.All(ApiFacts.Tables, fact =>
        {
            KindDefinition? kind = _catalogue.FindResource(Text(fact!, "group"), Text(fact!, "version"), Text(fact!, "plural"));
            IEnumerable<string> expected = fact!["columns"]!.AsArray().Select(column =>
                $"{Text(column!, "name")}/{Text(column!, "type")}/{Text(column!, "format")}/{column!["priority"]}");

            Assert.Equal(expected, (kind?.Columns ?? []).Select(Describe), StringComparer.Ordinal);
        });
    }

    [Fact]
    public void Everything_has_a_description()
    {
        Assert.All(_catalogue.Types, type =>
        {
            Assert.False(string.IsNullOrEmpty(type.Description));
            Assert.All(type.Fields, field => Assert.False(string.IsNullOrEmpty(field.Description)));
        });
    }

    [Fact]
    public void Two_views_of_one_object_share_one_collection()
    {
        Assert.Equal(BuiltInKinds.Event.Collection, BuiltInKinds.GroupedEvent.Collection);
        Assert.Equal("v2", BuiltInKinds.HorizontalPodAutoscalerV1.StorageVersion);
        Assert.Equal("deployments.apps", BuiltInKinds.Deployment.Collection);
    }

    [Fact]
    public void Core_comes_first_and_a_preferred_version_before_the_others()
    {
        string[] order = [.. _catalogue.Kinds.Select(kind => kind.ApiVersion).Distinct(StringComparer.Ordinal)];

        Assert.Equal("v1", order[0]);
        Assert.True(Array.IndexOf(order, "autoscaling/v2") < Array.IndexOf(order, "autoscaling/v1"));
    }

    private static string Describe(JsonNode fact)
    {
        IEnumerable<string> subresources = fact["subresources"]!.AsArray().Select(sub =>
            $"{Text(sub!, "name")}:{Text(sub!, "kind")}:{Texts(sub!, "verbs")}");
        return $"{Text(fact, "group")}/{Text(fact, "version")}/{Text(fact, "kind")} {Text(fact, "plural")} {Text(fact, "singular")}"
            + $" {Texts(fact, "shortNames")} {Texts(fact, "categories")} {Text(fact, "scope")} {Texts(fact, "verbs")}"
            + $" {string.Join(' ', subresources)}";
    }

    private static string Describe(KindDefinition kind)
    {
        IEnumerable<string> subresources = kind.Subresources.Select(sub =>
            $"{sub.Name}:{sub.Kind}:{string.Join(',', sub.Verbs)}");
        return $"{kind.Group}/{kind.Version}/{kind.Kind} {kind.Plural} {kind.Singular}"
            + $" {string.Join(',', kind.ShortNames)} {string.Join(',', kind.Categories)}"
            + $" {(kind.IsNamespaced ? "Namespaced" : "Cluster")} {string.Join(',', kind.Verbs)} {string.Join(' ', subresources)}";
    }

    private static string Describe(string name, JsonNode field) =>
        $"{name} {Text(field, "type")} #{field["proto"]} {field["required"]?.GetValue<bool>() ?? false}"
        + $" {Text(field, "listType")}({Texts(field, "listMapKeys")}) {Text(field, "mapType")}"
        + $" {Text(field, "patchStrategy")}/{Text(field, "patchMergeKey")} {field["default"]?.ToJsonString()}";

    // The facts leave out numbers inside embedded messages; the catalogue has them from the API's protobuf files.
    private static string Describe(FieldDefinition field, bool isNumbered)
    {
        string type = field.Shape switch
        {
            FieldShape.List => $"[{field.Type.Name}]",
            FieldShape.Map => $"{{{field.Type.Name}}}",
            FieldShape.MapOfLists => $"{{[{field.Type.Name}]}}",
            _ => field.Type.Name,
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{field.Name} {type} #{(isNumbered ? field.ProtoNumber : "")} {field.IsRequired} {field.ListType}({string.Join(',', field.ListMapKeys)}) {field.MapType} {field.PatchStrategy}/{field.PatchMergeKey} {field.Default}");
    }

    private static string Describe(ColumnDefinition column) =>
        string.Create(CultureInfo.InvariantCulture, $"{column.Name}/{column.Type}/{column.Format}/{column.Priority}");

    private static string Text(JsonNode node, string name) => node[name]?.GetValue<string>() ?? "";

    private static string Texts(JsonNode node, string name) =>
        string.Join(',', (node[name] as JsonArray ?? []).Select(item => item!.GetValue<string>()));
}
