using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Testing;

namespace MiniPlane.ApiServer.Tests.Aggregation;

public sealed class AggregationTests : IAsyncLifetime
{
    private const string Services = "/apis/apiregistration.k8s.io/v1/apiservices";

    private const string Swagger = """
        {"swagger":"2.0","paths":{"/apis/wardle.example.com/v1/flunders":{"post":{"consumes":["application/json"],
         "produces":["application/json"],"parameters":[{"name":"dryRun","in":"query","type":"string"},
         {"name":"body","in":"body","required":true,"schema":{"$ref":"#/definitions/com.example.Flunder"} }],
         "responses":{"200":{"description":"OK","schema":{"$ref":"#/definitions/com.example.Flunder"} } } } },"/apis/other/v1":{"get":{} } },"definitions":{
         "com.example.Flunder":{"x-kubernetes-group-version-kind":[{"group":"wardle.example.com","version":"v1","kind":"Flunder"}],
          "properties":{"part":{"$ref":"#/definitions/com.example.Part"} } },
         "com.example.Part":{"type":"object"},"com.example.Other":{"type":"object"} } }
        """;

    private const string ConvertedPost = """
        {"parameters":[{"name":"dryRun","in":"query","schema":{"type":"string"} }],
         "requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/com.example.Flunder"} } } },
         "responses":{"200":{"description":"OK","content":{"application/json":{"schema":{"$ref":"#/components/schemas/com.example.Flunder"} } } } } }
        """;

    private bool _publishesV3 = true;
    private TestApiServer _server = null!;
    private WebhookServer _extension = null!;

    public async Task InitializeAsync()
    {
        _server = await TestApiServer.StartAsync();
        _extension = await WebhookServer.StartAsync("hook.default.svc");
        _extension.Handler = AnswerAsync;
    }

    public async Task DisposeAsync()
    {
        await _extension.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Requests_for_an_aggregated_group_reach_its_server_with_the_users_name()
    {
        await RegisterAsync(withEndpoints: true);

        Answer answer = await _server.GetAsync("/apis/wardle.example.com/v1/namespaces/default/flunders/a?x=1");

        Assert.Equal(200, answer.Code);
        Assert.Equal("admin", answer.Json.Text("user"));
        Assert.Equal("system:masters,system:authenticated", answer.Json.Text("groups"));
        Assert.Equal("/apis/wardle.example.com/v1/namespaces/default/flunders/a?x=1", answer.Json.Text("path"));
    }

    [Fact]
    public async Task An_aggregated_group_is_available_and_found_by_both_forms_of_discovery()
    {
        await RegisterAsync(withEndpoints: true);

        await ConditionAsync("True", "Passed");

        Answer groups = await _server.GetAsync("/apis");
        Answer aggregated = await _server.GetAsync("/apis", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
        Answer group = await _server.GetAsync("/apis/wardle.example.com");
        Assert.Contains("wardle.example.com", groups.Json.Objects("groups").Select(one => one.Text("name")));
        JsonObject found = Assert.Single(aggregated.Json.Objects("items"), one => one.Text("metadata", "name") == "wardle.example.com");
        Assert.Equal("flunders", found.At("versions")![0]!["resources"]![0].Text("resource"));
        Assert.Equal("wardle.example.com/v1", group.Json.Text("preferredVersion", "groupVersion"));
    }

    [Fact]
    public async Task What_an_aggregated_server_publishes_is_part_of_both_OpenAPI_documents()
    {
        await RegisterAsync(withEndpoints: true);
        const string path = "apis/wardle.example.com/v1";
        string? url = null;
        await Eventually.TrueAsync(
            async () => (url = (await _server.GetAsync("/openapi/v3")).Json.Text("paths", path, "serverRelativeURL")) is not null, "the index has it");

        Answer v3 = await _server.GetAsync(url!);
        Answer v2 = await _server.GetAsync("/openapi/v2");
        await _server.DeleteAsync($"{Services}/v1.wardle.example.com");
        Answer index = await _server.GetAsync("/openapi/v3");

        Assert.Equal("3.0.0", v3.Json.Text("openapi"));
        Assert.True(v2.Json.Has("definitions", "com.example.Flunder"));
        Assert.True(v2.Json.Has("definitions", "com.example.Part"));
        Assert.False(v2.Json.Has("definitions", "com.example.Other"));
        Assert.True(v2.Json.Has("definitions", "io.k8s.api.core.v1.Pod"));
        Assert.True(v2.Json.Has("paths", "/apis/wardle.example.com/v1/flunders"));
        Assert.False(index.Json.Has("paths", path));
    }

    [Fact]
    public async Task What_a_server_publishes_in_OpenAPI_2_only_is_converted()
    {
        _publishesV3 = false;
        await RegisterAsync(withEndpoints: true);
        string? url = null;
        await Eventually.TrueAsync(
            async () => (url = (await _server.GetAsync("/openapi/v3")).Json.Text("paths", "apis/wardle.example.com/v1", "serverRelativeURL")) is not null, "the index has it");

        Answer answer = await _server.GetAsync(url!);

        Assert.StartsWith("{\"openapi\":\"3.0.0\"", answer.Text, StringComparison.Ordinal);
        JsonNode? v3 = answer.Json;
        Assert.Equal("3.0.0", v3.Text("openapi"));
        Assert.True(v3.Has("components", "schemas", "com.example.Flunder"));
        Assert.False(v3.Has("components", "schemas", "com.example.Other"));
        Assert.Equal(
            "#/components/schemas/com.example.Part", v3.Text("components", "schemas", "com.example.Flunder", "properties", "part", "$ref"));
        JsonNode? post = v3.At("paths", "/apis/wardle.example.com/v1/flunders", "post");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(ConvertedPost), post), post?.ToJsonString());
    }

    [Fact]
    public async Task A_group_whose_service_has_no_endpoints_is_not_available()
    {
        await RegisterAsync(withEndpoints: false);

        await ConditionAsync("False", "MissingEndpoints");

        Assert.Equal(503, (await _server.GetAsync("/apis/wardle.example.com/v1/flunders")).Code);
    }

    [Fact]
    public async Task Groups_that_are_served_here_have_an_APIService_of_their_own()
    {
        JsonNode? apps = null;
        await Eventually.TrueAsync(
            async () => (apps = (await _server.GetAsync($"{Services}/v1.apps")).Json).Objects("status", "conditions").Any(), "v1.apps is there");

        Assert.Equal("Local", apps.At("status", "conditions")![0].Text("reason"));
    }

    [Fact]
    public async Task Aggregated_servers_can_read_whom_to_trust()
    {
        await Eventually.TrueAsync(
            async () => (await _server.GetAsync("/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication")).Json
                .Has("data", "requestheader-client-ca-file"),
            "the ConfigMap is published");
    }

    [Fact]
    public async Task Controllers_ask_aggregated_servers_as_a_service_account()
    {
        await RegisterAsync(withEndpoints: true);
        IAggregatedGroups groups = _server.Services.GetRequiredService<IAggregatedGroups>();

        JsonObject answer = await groups.GetAsync("/apis/wardle.example.com/v1/flunders?labelSelector=a%3Db", "asker", CancellationToken.None);

        Assert.Equal(["v1"], groups.VersionsOf("wardle.example.com"));
        Assert.Equal("system:serviceaccount:kube-system:asker", answer.Text("user"));
        Assert.Equal("/apis/wardle.example.com/v1/flunders?labelSelector=a%3Db", answer.Text("path"));
    }

    [Fact]
    public async Task Controllers_are_told_when_an_aggregated_server_is_away()
    {
        await RegisterAsync(withEndpoints: false);
        IAggregatedGroups groups = _server.Services.GetRequiredService<IAggregatedGroups>();

        ApiException away = await Assert.ThrowsAsync<ApiException>(
            async () => await groups.GetAsync("/apis/wardle.example.com/v1/flunders", "asker", CancellationToken.None));
        ApiException unknown = await Assert.ThrowsAsync<ApiException>(
            async () => await groups.GetAsync("/apis/nobody.example.com/v1/flunders", "asker", CancellationToken.None));

        Assert.Equal(503, away.Code);
        Assert.Equal(404, unknown.Code);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        JsonObject body = _publishesV3 && context.Request.Path == "/openapi/v3/apis/wardle.example.com/v1" ? new JsonObject { ["openapi"] = "3.0.0" }
            : context.Request.Path == "/openapi/v2" ? JsonNode.Parse(Swagger)!.AsObject()
            : context.Request.Path == "/apis/wardle.example.com/v1"
            ? new JsonObject
            {
                ["kind"] = "APIResourceList",
                ["groupVersion"] = "wardle.example.com/v1",
                ["resources"] = new JsonArray(new JsonObject
                {
                    ["name"] = "flunders",
                    ["singularName"] = "flunder",
                    ["namespaced"] = true,
                    ["kind"] = "Flunder",
                    ["verbs"] = new JsonArray("get", "list"),
                }),
            }
            : new JsonObject
            {
                ["user"] = context.Request.Headers["X-Remote-User"].ToString(),
                ["groups"] = string.Join(',', context.Request.Headers["X-Remote-Group"].ToArray()).Replace(", ", ",", StringComparison.Ordinal),
                ["path"] = context.Request.Path + context.Request.QueryString,
            };
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }

    private async Task ConditionAsync(string status, string reason) => await Eventually.TrueAsync(
        async () => (await _server.GetAsync($"{Services}/v1.wardle.example.com")).Json.Objects("status", "conditions")
            .Any(one => one.Text("status") == status && one.Text("reason") == reason),
        $"Available is {status} because of {reason}");

    private async Task RegisterAsync(bool withEndpoints)
    {
        await _server.PostAsync("/api/v1/namespaces/default/services", """{"metadata":{"name":"hook"},"spec":{"ports":[{"port":443}]}}""");
        if (withEndpoints)
        {
            await _server.PostAsync(
                "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
                $$"""
                {"metadata":{"name":"hook-1","labels":{"kubernetes.io/service-name":"hook"} },"addressType":"IPv4",
                 "ports":[{"name":"","port":{{_extension.Port}} }],"endpoints":[{"addresses":["127.0.0.1"]}]}
                """);
        }

        Answer answer = await _server.PostAsync(
            Services,
            $$"""
            {"metadata":{"name":"v1.wardle.example.com"},"spec":{"group":"wardle.example.com","version":"v1","groupPriorityMinimum":2000,
             "versionPriority":200,"caBundle":"{{_extension.CaBundle}}","service":{"namespace":"default","name":"hook"} } }
            """);
        Assert.True(answer.Code == 201, answer.Text);
    }
}
