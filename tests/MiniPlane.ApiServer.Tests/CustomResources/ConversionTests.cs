using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.CustomResources;

public sealed class ConversionTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private TestApiServer Server => fixture.Server;

    [Fact]
    public async Task A_conversion_webhook_turns_objects_into_the_version_asked_for()
    {
        await using WebhookServer hook = await WebhookServer.StartAsync("hook.default.svc");
        hook.Answer = Convert;
        await ServeAsync("convert.example.org", hook);

        Answer made = await Server.PostAsync(
            "/apis/convert.example.org/v2/namespaces/default/widgets",
            """{"apiVersion":"convert.example.org/v2","kind":"Widget","metadata":{"name":"a"},"spec":{"host":"h","port":"80"}}""");
        Answer old = await Server.GetAsync("/apis/convert.example.org/v1/namespaces/default/widgets/a");
        Answer list = await Server.GetAsync("/apis/convert.example.org/v2/widgets");
        Answer patched = await Server.PatchAsync("/apis/convert.example.org/v2/namespaces/default/widgets/a", """{"spec":{"port":"81"}}""");

        Assert.Equal(("h", "80"), (made.Json.Text("spec", "host"), made.Json.Text("spec", "port")));
        Assert.Equal("h:80", old.Json.Text("spec", "address"));
        Assert.Equal("80", list.Json.Objects("items").Single().Text("spec", "port"));
        Assert.Equal("81", patched.Json.Text("spec", "port"));
        Assert.Equal("h:81", (await Server.GetAsync("/apis/convert.example.org/v1/namespaces/default/widgets/a")).Json.Text("spec", "address"));
    }

    [Fact]
    public async Task Fields_of_a_version_that_a_webhook_makes_can_be_selected()
    {
        await using WebhookServer hook = await WebhookServer.StartAsync("hook.default.svc");
        hook.Answer = Convert;
        await ServeAsync("select.example.org", hook);
        const string path = "/apis/select.example.org/v2/namespaces/default/widgets";
        foreach ((string name, string host) in ((string, string)[])[("a", "h1"), ("b", "h2"), ("c", "h1")])
        {
            await Server.PostAsync(
                path,
                $$$"""{"apiVersion":"select.example.org/v2","kind":"Widget","metadata":{"name":"{{{name}}}"},"spec":{"host":"{{{host}}}","port":"80"}}""");
        }

        Answer list = await Server.GetAsync($"{path}?fieldSelector=spec.host%3Dh1");
        Answer old = await Server.GetAsync($"{path.Replace("/v2/", "/v1/", StringComparison.Ordinal)}?fieldSelector=spec.host%3Dh1");
        await Server.PatchAsync($"{path}/a", """{"spec":{"host":"h2"}}""");
        string watch = $"{path}?watch=1&timeoutSeconds=60&fieldSelector=spec.host%3Dh1&resourceVersion={list.Json.Text("metadata", "resourceVersion")}";
        using var changes = new StreamReader(await Server.Admin.GetStreamAsync(new Uri(Server.Address, watch)));

        Assert.Equal(["a", "c"], list.Json.Objects("items").Select(item => item.Text("metadata", "name")));
        Assert.Equal(400, old.Code);
        JsonNode gone = JsonNode.Parse((await changes.ReadLineAsync())!)!;
        Assert.Equal(("DELETED", "a", "h1"), (gone.Text("type"), gone.Text("object", "metadata", "name"), gone.Text("object", "spec", "host")));
    }

    [Fact]
    public async Task A_conversion_that_fails_is_an_error_of_the_request_alone()
    {
        await using WebhookServer hook = await WebhookServer.StartAsync("hook.default.svc");
        hook.Answer = _ => new JsonObject { ["result"] = new JsonObject { ["status"] = "Failed", ["message"] = "cannot do that" } };
        await ServeAsync("refuse.example.org", hook);
        await Server.PostAsync(
            "/apis/refuse.example.org/v1/namespaces/default/widgets",
            """{"apiVersion":"refuse.example.org/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"address":"h:80"}}""");

        Answer failed = await Server.GetAsync("/apis/refuse.example.org/v2/namespaces/default/widgets/a");
        Answer well = await Server.GetAsync("/apis/refuse.example.org/v1/namespaces/default/widgets/a");

        Assert.Equal(500, failed.Code);
        Assert.Contains("conversion webhook for refuse.example.org/v2, Kind=Widget failed: cannot do that", failed.Message, StringComparison.Ordinal);
        Assert.Equal(200, well.Code);
    }

    [Fact]
    public async Task The_servers_own_lists_do_not_need_the_webhook()
    {
        await using WebhookServer hook = await WebhookServer.StartAsync("hook.default.svc");
        hook.Answer = _ => new JsonObject { ["result"] = new JsonObject { ["status"] = "Failed", ["message"] = "cannot do that" } };
        await ServeAsync("own.example.org", hook);
        await Server.PostAsync(
            "/apis/own.example.org/v1/namespaces/default/widgets",
            """{"apiVersion":"own.example.org/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"address":"h:80"}}""");
        JsonNode swap = JsonNode.Parse("""[{"op":"replace","path":"/spec/versions/0/storage","value":false},{"op":"replace","path":"/spec/versions/1/storage","value":true}]""")!;
        await Server.PatchAsync($"{Definitions.Path}/widgets.own.example.org", swap.ToJsonString(), "application/json-patch+json");
        KindDefinition Storage() => Server.Cluster.Catalogue.FindKind("own.example.org/v1", "Widget")!.Custom!.Storage;
        await MiniPlane.Testing.Eventually.TrueAsync(() => Storage().Version == "v2", "v2 is stored");

        ObjectList list = await Server.Cluster.ListAsync(Storage(), ListQuery.All, CancellationToken.None);

        Assert.Equal(["a"], list.Items.Select(item => item.Metadata.Name));
    }

    // v1 keeps one address, v2 host and port.
    private static JsonObject Convert(JsonObject request)
    {
        string wanted = request.TextOrEmpty("desiredAPIVersion");
        var converted = new JsonArray();
        foreach (JsonObject obj in request.Objects("objects"))
        {
            var copy = (JsonObject)obj.DeepClone();
            copy["apiVersion"] = wanted;
            string[] parts = copy.TextOrEmpty("spec", "address").Split(':');
            copy["spec"] = wanted.EndsWith("/v1", StringComparison.Ordinal)
                ? new JsonObject { ["address"] = $"{copy.TextOrEmpty("spec", "host")}:{copy.TextOrEmpty("spec", "port")}" }
                : new JsonObject { ["host"] = parts[0], ["port"] = parts[1] };
            converted.Add((JsonNode)copy);
        }

        return new JsonObject { ["convertedObjects"] = converted, ["result"] = new JsonObject { ["status"] = "Success" } };
    }

    private async Task ServeAsync(string group, WebhookServer hook)
    {
        JsonObject definition = Definitions.Widgets(
            group, """{"type":"object","properties":{"spec":{"type":"object","properties":{"address":{"type":"string"}}}}}""");
        definition.Array("spec", "versions")!.Add(JsonNode.Parse("""
            {"name":"v2","served":true,"storage":false,"schema":{"openAPIV3Schema":
             {"type":"object","properties":{"spec":{"type":"object","properties":{"host":{"type":"string"},"port":{"type":"string"}}}}}},
             "selectableFields":[{"jsonPath":".spec.host"}]}
            """));
        definition.Ensure("spec")["conversion"] = new JsonObject
        {
            ["strategy"] = "Webhook",
            ["webhook"] = new JsonObject
            {
                ["conversionReviewVersions"] = new JsonArray("v1"),
                ["clientConfig"] = new JsonObject { ["url"] = $"https://127.0.0.1:{hook.Port}/convert", ["caBundle"] = hook.CaBundle },
            },
        };
        await Definitions.ServeAsync(Server, definition);
    }
}
