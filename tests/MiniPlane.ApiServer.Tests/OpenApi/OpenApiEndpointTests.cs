using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.Tests.Discovery;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Tests.OpenApi;

public sealed class OpenApiEndpointTests
{
    private const string Pod = "io.k8s.api.core.v1.Pod";

    private readonly KindCatalogue _catalogue = new();
    private readonly EndpointCall _call;

    public OpenApiEndpointTests() => _call = new EndpointCall(_catalogue);

    [Fact]
    public async Task The_index_leads_to_every_document_by_its_hash()
    {
        (_, JsonNode? index, _) = await _call.GetAsync("/openapi/v3");

        JsonObject paths = index!["paths"]!.AsObject();
        Assert.Equal(23, paths.Count);
        foreach ((string path, JsonNode? entry) in paths)
        {
            (int code, JsonNode? body, HttpResponse response) = await _call.GetAsync(entry!["serverRelativeURL"]!.GetValue<string>());
            Assert.Equal(200, code);
            Assert.Equal("3.0.0", body!["openapi"]!.GetValue<string>());
            Assert.StartsWith("/" + path + "/", body["paths"]!.AsObject().First().Key, StringComparison.Ordinal);
            Assert.Equal("public, immutable", response.Headers.CacheControl);
        }
    }

    [Fact]
    public async Task Every_reference_leads_to_a_schema()
    {
        (_, JsonNode? v2, _) = await _call.GetAsync("/openapi/v2");
        (_, JsonNode? core, _) = await _call.GetAsync("/openapi/v3/api/v1");

        Assert.Empty(References(v2!).Except(v2!["definitions"]!.AsObject().Select(pair => "#/definitions/" + pair.Key), StringComparer.Ordinal));
        Assert.Empty(References(core!).Except(core!["components"]!["schemas"]!.AsObject().Select(pair => "#/components/schemas/" + pair.Key), StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_kind_says_its_name_and_how_its_lists_merge()
    {
        (_, JsonNode? core, _) = await _call.GetAsync("/openapi/v3/api/v1");

        JsonNode schemas = core!["components"]!["schemas"]!;
        JsonNode containers = schemas["io.k8s.api.core.v1.PodSpec"]!["properties"]!["containers"]!;
        Assert.Equal("""[{"group":"","kind":"Pod","version":"v1"}]""", schemas[Pod]!["x-kubernetes-group-version-kind"]!.ToJsonString());
        Assert.Equal("""[{"group":"","kind":"PodList","version":"v1"}]""", schemas[Pod + "List"]!["x-kubernetes-group-version-kind"]!.ToJsonString());
        Assert.Equal("""["containers"]""", schemas["io.k8s.api.core.v1.PodSpec"]!["required"]!.ToJsonString());
        Assert.Equal("name", containers["x-kubernetes-patch-merge-key"]!.GetValue<string>());
        Assert.Equal("map", containers["x-kubernetes-list-type"]!.GetValue<string>());
        Assert.Equal("""["name"]""", containers["x-kubernetes-list-map-keys"]!.ToJsonString());
        Assert.Equal("""{"$ref":"#/components/schemas/io.k8s.api.core.v1.Container"}""", containers["items"]!.ToJsonString());
        Assert.Equal(
            """[{"$ref":"#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"}]""",
            schemas[Pod]!["properties"]!["metadata"]!["allOf"]!.ToJsonString());
    }

    [Fact]
    public async Task Kubectl_sees_that_the_server_checks_fields_itself()
    {
        (_, JsonNode? core, _) = await _call.GetAsync("/openapi/v3/api/v1");

        JsonNode patch = core!["paths"]!["/api/v1/namespaces/{namespace}/pods/{name}"]!["patch"]!;
        Assert.Equal("""{"group":"","kind":"Pod","version":"v1"}""", patch["x-kubernetes-group-version-kind"]!.ToJsonString());
        Assert.Contains(patch["parameters"]!.AsArray(), parameter => parameter!["name"]!.GetValue<string>() == "fieldValidation");
        Assert.Contains(patch["parameters"]!.AsArray(), parameter => parameter!["name"]!.GetValue<string>() == "dryRun");
    }

    [Fact]
    public async Task The_special_types_are_written_as_each_format_can()
    {
        (_, JsonNode? v2, _) = await _call.GetAsync("/openapi/v2");
        (_, JsonNode? v3, _) = await _call.GetAsync("/openapi/v3/api/v1");

        const string quantity = "io.k8s.apimachinery.pkg.api.resource.Quantity";
        Assert.Equal("string", v2!["definitions"]![quantity]!["type"]!.GetValue<string>());
        Assert.Equal("""[{"type":"string"},{"type":"number"}]""", v3!["components"]!["schemas"]![quantity]!["oneOf"]!.ToJsonString());
        Assert.Equal("int-or-string", v2["definitions"]!["io.k8s.apimachinery.pkg.util.intstr.IntOrString"]!["format"]!.GetValue<string>());
        Assert.Equal("date-time", v2["definitions"]!["io.k8s.apimachinery.pkg.apis.meta.v1.Time"]!["format"]!.GetValue<string>());
        Assert.NotNull(v2["definitions"]!["io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIService"]);
        Assert.NotNull(v2["definitions"]!["io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinition"]);
    }

    [Fact]
    public async Task An_old_hash_leads_to_the_new_document()
    {
        (int code, _, HttpResponse response) = await _call.GetAsync("/openapi/v3/apis/apps/v1?hash=OLD");

        Assert.Equal(301, code);
        Assert.StartsWith("/openapi/v3/apis/apps/v1?hash=", response.Headers.Location.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_custom_kind_has_a_document_of_its_own()
    {
        _catalogue.SetCustom("widgets.example.org", [Widgets.Make("v1")]);

        (_, JsonNode? body, _) = await _call.GetAsync("/openapi/v3/apis/example.org/v1");

        JsonNode schema = body!["components"]!["schemas"]!["org.example.v1.Widget"]!;
        Assert.Equal("""[{"group":"example.org","kind":"Widget","version":"v1"}]""", schema["x-kubernetes-group-version-kind"]!.ToJsonString());
        Assert.Equal("int32", schema["properties"]!["spec"]!["properties"]!["size"]!["format"]!.GetValue<string>());
        Assert.Empty(References(body).Except(body["components"]!["schemas"]!.AsObject().Select(pair => "#/components/schemas/" + pair.Key), StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_index_has_no_protobuf_form_and_unknown_documents_are_not_answered()
    {
        ApiException refusal = await Assert.ThrowsAsync<ApiException>(() =>
            _call.GetAsync("/openapi/v3", "application/com.github.proto-openapi.spec.v3@v1.0+protobuf"));

        Assert.Equal(406, refusal.Code);
        Assert.False(_call.IsKnown("/openapi/v3/apis/none/v1"));
    }

    private static HashSet<string> References(JsonNode node)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Stack<JsonNode?>([node]);
        while (waiting.TryPop(out JsonNode? next))
        {
            if (next is JsonObject map)
            {
                foreach ((string name, JsonNode? value) in map)
                {
                    if (name == "$ref" && value is JsonValue reference)
                    {
                        found.Add(reference.GetValue<string>());
                    }

                    waiting.Push(value);
                }
            }
            else if (next is JsonArray list)
            {
                foreach (JsonNode? item in list)
                {
                    waiting.Push(item);
                }
            }
        }

        return found;
    }
}
