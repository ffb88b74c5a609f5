using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.CustomResources;

/// <summary>Server-side apply by managers that write in different versions, which name the same fields differently.</summary>
public sealed class VersionedApplyTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private const string Apply = "application/apply-patch+yaml";

    private TestApiServer Server => fixture.Server;

    [Fact]
    public async Task A_field_applied_in_one_version_is_in_conflict_under_its_name_there()
    {
        await using WebhookServer hook = await ServeAsync("conflict.example.org");
        await ApplyAsync("conflict.example.org", "v1", "first", """{"color":"red","size":"1"}""");

        Answer same = await ApplyAsync("conflict.example.org", "v2", "second", """{"hue":"red"}""");
        Answer refused = await ApplyAsync("conflict.example.org", "v2", "second", """{"hue":"red","extent":"2"}""");
        Answer forced = await ApplyAsync("conflict.example.org", "v2", "second", """{"hue":"red","extent":"2"}""", "&force=true");

        Assert.Equal(200, same.Code);
        Assert.Equal(409, refused.Code);
        Assert.Equal(".spec.size", Assert.Single(refused.Json.Objects("details", "causes")).Text("field"));
        Assert.Equal("2", forced.Json.Text("spec", "extent"));
        Assert.Equal("""{"f:spec":{"f:color":{}}}""", Owned(forced, "first"));
        Assert.Equal("""{"f:spec":{"f:extent":{},"f:hue":{}}}""", Owned(forced, "second"));
    }

    [Fact]
    public async Task An_applier_that_changes_its_version_drops_what_it_leaves_out()
    {
        await using WebhookServer hook = await ServeAsync("prune.example.org");
        await ApplyAsync("prune.example.org", "v1", "mover", """{"color":"red","size":"1","note":"mine"}""");
        await ApplyAsync("prune.example.org", "v1", "keeper", """{"note":"mine"}""");

        Answer moved = await ApplyAsync("prune.example.org", "v2", "mover", """{"hue":"blue"}""");

        Assert.Equal(("blue", "mine"), (moved.Json.Text("spec", "hue"), moved.Json.Text("spec", "note")));
        Assert.False(moved.Json.Has("spec", "extent"));
        Assert.Equal("""{"f:spec":{"f:hue":{}}}""", Owned(moved, "mover"));
        Assert.Equal("""{"f:spec":{"f:note":{}}}""", Owned(moved, "keeper"));
    }

    [Fact]
    public async Task An_update_in_another_version_takes_the_fields_that_it_changes()
    {
        await using WebhookServer hook = await ServeAsync("update.example.org");
        await ApplyAsync("update.example.org", "v1", "first", """{"color":"red","size":"1"}""");

        Answer patched = await Server.PatchAsync($"{Path("update.example.org", "v2")}?fieldManager=patcher", """{"spec":{"hue":"green"}}""");

        Assert.Equal("green", patched.Json.Text("spec", "hue"));
        Assert.Equal("""{"f:spec":{"f:size":{}}}""", Owned(patched, "first"));
        Assert.Equal("""{"f:spec":{"f:hue":{}}}""", Owned(patched, "patcher"));
    }

    [Fact]
    public async Task Entries_of_a_version_that_is_gone_are_dropped()
    {
        await using WebhookServer hook = await ServeAsync("gone.example.org");
        Answer made = await ApplyAsync("gone.example.org", "v1", "first", """{"color":"red"}""");
        JsonObject changed = made.Json!.AsObject();
        changed.Array("metadata", "managedFields")!.Add(JsonNode.Parse("""
            {"manager":"old","operation":"Update","apiVersion":"gone.example.org/v1alpha1","time":"2020-01-01T00:00:00Z","fieldsType":"FieldsV1",
             "fieldsV1":{"f:spec":{"f:color":{} } } }
            """));
        changed.Ensure("spec")["size"] = "1";

        Answer put = await Server.PutAsync($"{Path("gone.example.org", "v1")}?fieldManager=putter", changed.ToJsonString());

        Assert.Equal(200, put.Code);
        Assert.Equal(["first", "putter"], put.Json.Objects("metadata", "managedFields").Select(entry => entry.Text("manager")));
    }

    [Fact]
    public async Task Both_versions_of_a_built_in_kind_see_one_owner()
    {
        const string path = "/apis/autoscaling/{0}/namespaces/default/horizontalpodautoscalers/one";
        const string body = """
            {"apiVersion":"autoscaling/{0}","kind":"HorizontalPodAutoscaler","spec":{"maxReplicas":{1},"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"d"} } }
            """;
        Task<Answer> ApplyToAsync(string version, string manager, string most) => Server.PatchAsync(
            $"{path.Replace("{0}", version, StringComparison.Ordinal)}?fieldManager={manager}",
            body.Replace("{0}", version, StringComparison.Ordinal).Replace("{1}", most, StringComparison.Ordinal),
            Apply);
        await ApplyToAsync("v1", "first", "3");

        Answer refused = await ApplyToAsync("v2", "second", "4");
        Answer dropped = await Server.PatchAsync(
            $"{path.Replace("{0}", "v2", StringComparison.Ordinal)}?fieldManager=third",
            """{"spec":{"maxReplicas":5}}""",
            "application/merge-patch+json");

        Assert.Equal(409, refused.Code);
        Assert.Equal(".spec.maxReplicas", Assert.Single(refused.Json.Objects("details", "causes")).Text("field"));
        Assert.DoesNotContain("maxReplicas", Owned(dropped, "first"), StringComparison.Ordinal);
        Assert.Contains("f:scaleTargetRef", Owned(dropped, "first"), StringComparison.Ordinal);
    }

    private static string Path(string group, string version) => $"/apis/{group}/{version}/namespaces/default/widgets/a";

    private static string Owned(Answer answer, string manager) => answer.Json.Objects("metadata", "managedFields")
        .Single(entry => entry.Text("manager") == manager).Object("fieldsV1")!.ToJsonString();

    private Task<Answer> ApplyAsync(string group, string version, string manager, string spec, string more = "") => Server.PatchAsync(
        $"{Path(group, version)}?fieldManager={manager}{more}",
        $$$"""{"apiVersion":"{{{group}}}/{{{version}}}","kind":"Widget","spec":{{{spec}}}}""",
        Apply);

    // v2 has other names for two of the three fields.
    private static JsonObject Rename(JsonObject request)
    {
        string wanted = request.TextOrEmpty("desiredAPIVersion");
        bool isBack = wanted.EndsWith("/v1", StringComparison.Ordinal);
        var converted = new JsonArray();
        foreach (JsonObject obj in request.Objects("objects"))
        {
            var copy = (JsonObject)obj.DeepClone();
            copy["apiVersion"] = wanted;
            JsonObject spec = copy.Ensure("spec");
            foreach ((string old, string later) in ((string, string)[])[("color", "hue"), ("size", "extent")])
            {
                (string from, string to) = isBack ? (later, old) : (old, later);
                if (spec[from] is { } value)
                {
                    spec.Remove(from);
                    spec[to] = value;
                }
            }

            converted.Add((JsonNode)copy);
        }

        return new JsonObject { ["convertedObjects"] = converted, ["result"] = new JsonObject { ["status"] = "Success" } };
    }

    private async Task<WebhookServer> ServeAsync(string group)
    {
        WebhookServer hook = await WebhookServer.StartAsync("hook.default.svc");
        hook.Answer = Rename;
        JsonObject definition = Definitions.Widgets(group, Schema("color", "size"));
        definition.Array("spec", "versions")!.Add(JsonNode.Parse(
            $$"""{"name":"v2","served":true,"storage":false,"schema":{"openAPIV3Schema":{{Schema("hue", "extent")}} } }"""));
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
        return hook;
    }

    private static string Schema(string first, string second) => $$"""
        {"type":"object","properties":{"spec":{"type":"object","properties":
         {"{{first}}":{"type":"string"},"{{second}}":{"type":"string"},"note":{"type":"string"} } } } }
        """;
}
