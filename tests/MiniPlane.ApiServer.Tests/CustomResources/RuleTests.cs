using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.CustomResources;

public sealed class RuleTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private const string Schema = """
        {"type":"object","properties":{"spec":{"type":"object",
          "x-kubernetes-validations":[
            {"rule":"self.min <= self.max","message":"min must not be above max","fieldPath":".min"},
            {"rule":"!has(self.name) || self.name.startsWith('w-')","messageExpression":"'name is ' + self.name","reason":"FieldValueForbidden"},
            {"rule":"!has(oldSelf.fixed) || (has(self.fixed) && self.fixed == oldSelf.fixed)","message":"fixed cannot change"},
            {"rule":"self.?port.orValue(80) != 22"}],
          "required":["min","max"],
          "properties":{"min":{"type":"integer"},"max":{"type":"integer"},"name":{"type":"string"},"fixed":{"type":"string"},"port":{"x-kubernetes-int-or-string":true},
            "parts":{"type":"array","maxItems":10,"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["id"],
              "items":{"type":"object","required":["id"],"properties":{"id":{"type":"string"},"size":{"type":"integer","x-kubernetes-validations":[{"rule":"self >= oldSelf","message":"size may only grow"}]}}}}}}}}
        """;

    private TestApiServer Server => fixture.Server;

    public static TheoryData<string, string> Refusals => new()
    {
        { """{"min":3,"max":2}""", "spec.min: Invalid value: \"object\": min must not be above max" },
        { """{"min":1,"max":2,"name":"x"}""", "spec: Forbidden: name is x" },
        { """{"min":1,"max":2,"port":22}""", "spec: Invalid value: \"object\": failed rule: self.?port.orValue(80) != 22" },
    };

    public static TheoryData<string, string> Unsound => new()
    {
        { "self.x > ", "Syntax error: mismatched input" },
        { "self.missing == 1", "compilation failed: ERROR: <input>:1:5: undefined field 'missing'" },
        { "self.x", "cel expression must evaluate to a bool" },
        { "self.list.all(a, self.list.all(b, self.list.all(c, a + b + c != '')))", "estimated rule cost exceeds budget by factor of more than 100x" },
    };

    [Fact]
    public async Task An_item_of_a_list_without_keys_is_unchanged_when_the_list_is()
    {
        const string schema = """{"type":"object","properties":{"list":{"type":"array","items":{"type":"string"}},"note":{"type":"string"}}}""";
        JsonObject definition = Definitions.Widgets("keyless.example.org", schema);
        await Definitions.ServeAsync(Server, definition);
        const string path = "/apis/keyless.example.org/v1/namespaces/default/widgets";
        await Server.PostAsync(path, """{"apiVersion":"keyless.example.org/v1","kind":"Widget","metadata":{"name":"a"},"list":["foo"]}""");
        JsonNode rules = JsonNode.Parse("""[{"op":"add","path":"/spec/versions/0/schema/openAPIV3Schema/properties/list/items/x-kubernetes-validations","value":[{"rule":"self != 'foo'"}]}]""")!;
        await Server.PatchAsync($"{Definitions.Path}/widgets.keyless.example.org", rules.ToJsonString(), "application/json-patch+json");
        await MiniPlane.Testing.Eventually.TrueAsync(
            async () => (await Server.PostAsync(
                $"{path}?dryRun=All", """{"apiVersion":"keyless.example.org/v1","kind":"Widget","metadata":{"name":"b"},"list":["foo"]}""")).Code == 422,
            "the rule is in force");

        Answer other = await Server.PatchAsync($"{path}/a", """{"note":"n"}""");
        Answer longer = await Server.PatchAsync($"{path}/a", """{"list":["foo","bar"]}""");

        Assert.Equal((200, 422), (other.Code, longer.Code));
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_rule_that_fails_refuses_the_object(string spec, string message)
    {
        string path = await ServeAsync();

        Answer refused = await Server.PostAsync(path, Body("a", spec));

        Assert.Equal(422, refused.Code);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_looks_back_compares_with_the_object_before()
    {
        string path = await ServeAsync();
        Answer made = await Server.PostAsync(path, Body("looks-back", """{"min":1,"max":2,"fixed":"a","parts":[{"id":"p","size":3}]}"""));

        Answer changed = await Server.PatchAsync($"{path}/looks-back", """{"spec":{"fixed":"b"}}""");
        Answer smaller = await Server.PatchAsync($"{path}/looks-back", """{"spec":{"parts":[{"id":"p","size":2}]}}""");
        Answer larger = await Server.PatchAsync($"{path}/looks-back", """{"spec":{"parts":[{"id":"new","size":1},{"id":"p","size":4}]}}""");

        Assert.True(made.Code == 201, made.Text);
        Assert.Contains("fixed cannot change", changed.Message, StringComparison.Ordinal);
        Assert.Contains("spec.parts[0].size: Invalid value: \"integer\": size may only grow", smaller.Message, StringComparison.Ordinal);
        Assert.Equal(200, larger.Code);
    }

    [Theory]
    [MemberData(nameof(Unsound))]
    public async Task A_definition_with_a_wrong_rule_is_refused(string rule, string message)
    {
        JsonObject schema = JsonNode.Parse(
            """{"type":"object","properties":{"spec":{"type":"object","properties":{"x":{"type":"integer"},"list":{"type":"array","items":{"type":"string"}}}}}}""")!.AsObject();
        schema.Ensure("properties", "spec")["x-kubernetes-validations"] = new JsonArray(new JsonObject { ["rule"] = rule });

        Answer refused = await Server.PostAsync(Definitions.Path, Definitions.Widgets("unsound-rules.example.org", schema.ToJsonString()).ToJsonString());

        Assert.Equal(422, refused.Code);
        Assert.Contains("x-kubernetes-validations[0].rule", refused.Message, StringComparison.Ordinal);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    private static string Body(string name, string spec) =>
        $$"""{"apiVersion":"rules.example.org/v1","kind":"Widget","metadata":{"name":"{{name}}"},"spec":{{spec}} }""";

    private async Task<string> ServeAsync()
    {
        if ((await Server.GetAsync($"{Definitions.Path}/widgets.rules.example.org")).Code == 404)
        {
            await Definitions.ServeAsync(Server, Definitions.Widgets("rules.example.org", Schema));
        }

        return "/apis/rules.example.org/v1/namespaces/default/widgets";
    }
}
