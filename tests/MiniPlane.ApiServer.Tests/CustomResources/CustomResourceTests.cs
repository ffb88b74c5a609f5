using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

namespace MiniPlane.ApiServer.Tests.CustomResources;

public sealed class CustomResourceTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private const string Schema = """
        {"type":"object","properties":{
          "spec":{"type":"object","properties":{
            "size":{"type":"integer","default":3},"color":{"type":"string"},"replicas":{"type":"integer"},
            "parts":{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["name"],
              "items":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"value":{"type":"string"}}}},
            "free":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}},
          "status":{"type":"object","properties":{"replicas":{"type":"integer"},"selector":{"type":"string"},"phase":{"type":"string"}}}}}
        """;

    private const string Parts = """
        ,"subresources":{"status":{},"scale":{"specReplicasPath":".spec.replicas","statusReplicasPath":".status.replicas","labelSelectorPath":".status.selector"}},
         "additionalPrinterColumns":[{"name":"Size","type":"integer","jsonPath":".spec.size"}],
         "selectableFields":[{"jsonPath":".spec.color"}]
        """;

    private TestApiServer Server => fixture.Server;

    [Fact]
    public async Task An_object_is_pruned_defaulted_stored_and_found()
    {
        string path = await ServeAsync("prune.example.org");

        Answer made = await Server.PostAsync(
            path, """{"apiVersion":"prune.example.org/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"color":"red","nonsense":1,"free":{"x":[1,{"y":2}]}}}""");
        Answer found = await Server.GetAsync($"{path}/a");

        Assert.Equal(201, made.Code);
        Assert.Equal("""{"color":"red","free":{"x":[1,{"y":2}]},"size":3}""", found.Json.At("spec").Compacted());
        Assert.Equal(1, found.Json.Integer("metadata", "generation"));
        Assert.Contains("unknown field \\\"spec.nonsense\\\"", made.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Strict_validation_refuses_unknown_fields()
    {
        string path = await ServeAsync("strict.example.org");

        Answer refused = await Server.PostAsync(
            path + "?fieldValidation=Strict",
            """{"apiVersion":"strict.example.org/v1","kind":"Widget","metadata":{"name":"a","foo":1},"spec":{"bar":1}}""");

        Assert.Equal(400, refused.Code);
        Assert.Contains("strict decoding error: unknown field \"metadata.foo\", unknown field \"spec.bar\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_metadata_of_embedded_objects_is_found_too()
    {
        await Definitions.ServeAsync(Server, Definitions.Widgets(
            "embedded.example.org",
            """{"type":"object","properties":{"spec":{"type":"object","properties":{"template":{"type":"object","x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true}}}}}"""));

        Answer refused = await Server.PostAsync(
            "/apis/embedded.example.org/v1/namespaces/default/widgets?fieldValidation=Strict",
            """{"apiVersion":"embedded.example.org/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"template":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"x","foo":1},"spec":{"any":1}}}}""");

        Assert.Equal(400, refused.Code);
        Assert.Contains("unknown field \"spec.template.metadata.foo\"", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Discovery_and_openapi_know_the_kind_as_soon_as_it_is_established()
    {
        await ServeAsync("discovery.example.org");

        Answer resources = await Server.GetAsync("/apis/discovery.example.org/v1");
        Answer v3 = await Server.GetAsync("/openapi/v3/apis/discovery.example.org/v1");
        Answer v2 = await Server.GetAsync("/openapi/v2");

        JsonObject widgets = resources.Json.Objects("resources").First(resource => resource.Text("name") == "widgets");
        Assert.Equal(["wd"], widgets.Texts("shortNames"));
        Assert.Equal(["all"], widgets.Texts("categories"));
        Assert.Equal(["widgets", "widgets/scale", "widgets/status"], resources.Json.Objects("resources").Select(resource => resource.TextOrEmpty("name")).Order());
        Assert.True(v3.Json.Has("components", "schemas", "org.example.discovery.v1.Widget", "properties", "spec", "properties", "size"));
        Assert.DoesNotContain("strategic", v3.Json.At("paths", "/apis/discovery.example.org/v1/namespaces/{namespace}/widgets/{name}", "patch").Compacted(), StringComparison.Ordinal);
        Assert.True(v2.Json.Has("definitions", "org.example.discovery.v1.Widget", "properties", "spec", "properties", "size"));
    }

    [Fact]
    public async Task What_takes_any_field_is_published_without_fields_in_openapi_2()
    {
        await Definitions.ServeAsync(Server, Definitions.Widgets(
            "free.example.org", """{"type":"object","x-kubernetes-preserve-unknown-fields":true,"properties":{"spec":{"type":"object"}}}"""));

        Answer v2 = await Server.GetAsync("/openapi/v2");

        Assert.Equal(
            """{"type":"object","x-kubernetes-group-version-kind":[{"group":"free.example.org","kind":"Widget","version":"v1"}]}""",
            v2.Json.At("definitions", "org.example.free.v1.Widget").Compacted());
    }

    [Fact]
    public async Task Status_and_scale_are_written_on_their_own()
    {
        string path = await ServeAsync("parts.example.org");
        await Server.PostAsync(path, """{"apiVersion":"parts.example.org/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"replicas":2},"status":{"phase":"no"}}""");

        Answer status = await Server.PatchAsync($"{path}/a/status", """{"spec":{"replicas":9},"status":{"phase":"Ready","replicas":2,"selector":"app=a"}}""");
        Answer scaled = await Server.PatchAsync($"{path}/a/scale", """{"spec":{"replicas":5}}""");
        Answer found = await Server.GetAsync($"{path}/a");

        Assert.Equal((200, "Ready", 2L, 1L), (status.Code, status.Json.Text("status", "phase"), status.Json.Integer("spec", "replicas"), status.Json.Integer("metadata", "generation")));
        Assert.Equal((5L, "app=a"), (scaled.Json.Integer("spec", "replicas"), scaled.Json.Text("status", "selector")));
        Assert.Equal((5L, 2L), (found.Json.Integer("spec", "replicas"), found.Json.Integer("metadata", "generation")));
    }

    [Fact]
    public async Task Tables_and_field_selectors_follow_the_definition()
    {
        string path = await ServeAsync("columns.example.org");
        await Server.PostAsync(path, """{"apiVersion":"columns.example.org/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"color":"red"}}""");
        await Server.PostAsync(path, """{"apiVersion":"columns.example.org/v1","kind":"Widget","metadata":{"name":"b"},"spec":{"color":"blue","size":7}}""");

        Answer table = await Server.GetAsync(path + "?fieldSelector=spec.color%3Dblue", "application/json;as=Table;g=meta.k8s.io;v=v1");
        Answer refused = await Server.GetAsync(path + "?fieldSelector=spec.size%3D7");

        Assert.Equal("""["Name","Size"]""", new JsonArray([.. table.Json.Objects("columnDefinitions").Select(column => column["name"]!.DeepClone())]).Compacted());
        Assert.Equal("""["b",7]""", table.Json.Objects("rows").Single()["cells"].Compacted());
        Assert.Equal(400, refused.Code);
    }

    [Fact]
    public async Task Server_side_apply_merges_lists_by_their_keys()
    {
        string path = await ServeAsync("apply.example.org");
        const string Type = "application/apply-patch+yaml";
        await Server.PatchAsync($"{path}/a?fieldManager=one", """{"apiVersion":"apply.example.org/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"parts":[{"name":"x","value":"1"}]}}""", Type);

        Answer merged = await Server.PatchAsync($"{path}/a?fieldManager=two", """{"apiVersion":"apply.example.org/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"parts":[{"name":"y","value":"2"}]}}""", Type);
        Answer conflict = await Server.PatchAsync($"{path}/a?fieldManager=three", """{"apiVersion":"apply.example.org/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"parts":[{"name":"x","value":"3"}]}}""", Type);

        Assert.Equal(["x", "y"], merged.Json.Objects("spec", "parts").Select(part => part.TextOrEmpty("name")));
        Assert.Equal(409, conflict.Code);
        Assert.Contains(".spec.parts[name=\"x\"].value", conflict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deleting_a_definition_takes_its_objects_along()
    {
        string path = await ServeAsync("gone.example.org");
        await Server.PostAsync(path, """{"apiVersion":"gone.example.org/v1","kind":"Widget","metadata":{"name":"a"}}""");

        Answer deleted = await Server.DeleteAsync($"{Definitions.Path}/widgets.gone.example.org");

        Assert.Equal(200, deleted.Code);
        await Eventually.TrueAsync(async () => (await Server.GetAsync($"{Definitions.Path}/widgets.gone.example.org")).Code == 404, "the definition is gone");
        await Eventually.TrueAsync(async () => (await Server.GetAsync(path)).Code == 404, "the kind is gone");
        await ServeAsync("gone.example.org");
        Assert.Empty((await Server.GetAsync(path)).Json.Objects("items"));
    }

    [Fact]
    public async Task Names_in_use_in_the_group_are_not_given_again()
    {
        await ServeAsync("names.example.org");
        JsonObject rival = Definitions.Widgets("names.example.org", Schema);
        rival.Ensure("metadata")["name"] = "gadgets.names.example.org";
        rival.Ensure("spec", "names")["plural"] = "gadgets";

        await Server.PostAsync(Definitions.Path, rival.ToJsonString());

        await Eventually.TrueAsync(
            async () => (await Server.GetAsync($"{Definitions.Path}/gadgets.names.example.org")).Json.Objects("status", "conditions")
                .Any(condition => condition.Text("type") == "NamesAccepted" && condition.Text("status") == "False" && condition.Text("reason") == "SingularConflict"),
            "the names are refused");
    }

    [Fact]
    public async Task An_object_in_another_version_is_the_same_object()
    {
        JsonObject definition = Definitions.Widgets("versions.example.org", Schema);
        var second = (JsonObject)definition.Objects("spec", "versions").First().DeepClone();
        second["name"] = "v2";
        second["storage"] = false;
        definition.Array("spec", "versions")!.Add((JsonNode)second);
        await Definitions.ServeAsync(Server, definition);
        await Server.PostAsync(
            "/apis/versions.example.org/v2/namespaces/default/widgets", """{"apiVersion":"versions.example.org/v2","kind":"Widget","metadata":{"name":"a"}}""");

        Answer found = await Server.GetAsync("/apis/versions.example.org/v1/namespaces/default/widgets/a");
        Answer list = await Server.GetAsync("/apis/versions.example.org/v2/widgets");

        Assert.Equal("versions.example.org/v1", found.Json.Text("apiVersion"));
        Assert.Equal("versions.example.org/v2", list.Json.Objects("items").Single().Text("apiVersion"));
    }

    [Fact]
    public async Task Defaults_of_a_newer_schema_show_in_older_objects()
    {
        JsonObject definition = Definitions.Widgets("newer.example.org", Schema);
        await Definitions.ServeAsync(Server, definition);
        await Server.PostAsync(
            "/apis/newer.example.org/v1/namespaces/default/widgets", """{"apiVersion":"newer.example.org/v1","kind":"Widget","metadata":{"name":"a"},"spec":{}}""");

        await Server.PatchAsync(
            $"{Definitions.Path}/widgets.newer.example.org",
            """[{"op":"add","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/color/default","value":"green"}]""",
            "application/json-patch+json");

        await Eventually.TrueAsync(
            async () => (await Server.GetAsync("/apis/newer.example.org/v1/namespaces/default/widgets/a")).Json.Text("spec", "color") == "green",
            "the default shows");
    }

    private async Task<string> ServeAsync(string group)
    {
        await Definitions.ServeAsync(Server, Definitions.Widgets(group, Schema, Parts));
        return $"/apis/{group}/v1/namespaces/default/widgets";
    }
}
