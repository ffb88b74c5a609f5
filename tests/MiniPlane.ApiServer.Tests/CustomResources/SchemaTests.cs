using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.CustomResources;

public sealed class SchemaTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private TestApiServer Server => fixture.Server;

    public static TheoryData<string, string, string> Refusals => new()
    {
        { """{"type":"integer"}""", "\"x\"", "spec.a: Invalid value: \"string\": spec.a in body must be of type integer: \"string\"" },
        { """{"type":"integer","minimum":3}""", "2", "spec.a: Invalid value: 2: spec.a in body should be greater than or equal to 3" },
        { """{"type":"number","maximum":1.5,"exclusiveMaximum":true}""", "1.5", "spec.a: Invalid value: 1.5: spec.a in body should be less than 1.5" },
        { """{"type":"string","enum":["b","a"]}""", "\"c\"", "spec.a: Unsupported value: \"c\": supported values: \"a\", \"b\"" },
        { """{"type":"string","pattern":"^a+$"}""", "\"c\"", "spec.a: Invalid value: \"c\": spec.a in body should match '^a+$'" },
        { """{"type":"string","minLength":2}""", "\"c\"", "spec.a: Invalid value: \"c\": spec.a in body should be at least 2 chars long" },
        { """{"type":"string","maxLength":2}""", "\"ccc\"", "spec.a: Too long: may not be more than 2 bytes" },
        { """{"type":"string","format":"date-time"}""", "\"c\"", "spec.a: Invalid value: \"c\": spec.a in body must be of type date-time: \"c\"" },
        { """{"type":"array","maxItems":1,"items":{"type":"string"}}""", """["a","b"]""", "spec.a: Too many: 2: must have at most 1 items" },
        { """{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}}""", """["a","a"]""", "spec.a[1]: Duplicate value: \"a\"" },
        { """{"type":"object","required":["b"],"properties":{"b":{"type":"string"}}}""", "{}", "spec.a.b: Required value" },
        { """{"type":"object","additionalProperties":{"type":"string"}}""", """{"k":1}""", "spec.a.k: Invalid value: \"integer\": spec.a.k in body must be of type string: \"integer\"" },
        { """{"x-kubernetes-int-or-string":true}""", "true", "\"spec.a\" must validate at least one schema (anyOf)" },
        { """{"type":"object","oneOf":[{"required":["b"]},{"required":["c"]}],"properties":{"b":{"type":"string"},"c":{"type":"string"}}}""", """{"b":"1","c":"2"}""", "\"spec.a\" must validate one and only one schema (oneOf). Found 2 valid alternatives" },
        { """{"type":"object","x-kubernetes-embedded-resource":true,"x-kubernetes-preserve-unknown-fields":true}""", """{"kind":"Pod"}""", "spec.a.apiVersion: Required value: must not be empty" },
        {
            """{"type":"array","x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["n"],"items":{"type":"object","required":["n"],"properties":{"n":{"type":"string"}}}}""",
            """[{"n":"x"},{"n":"x"}]""",
            "spec.a[1]: Duplicate value: {\"n\":\"x\"}"
        },
    };

    public static TheoryData<string, string> Unsound => new()
    {
        { """{"type":"object","properties":{"a":{}}}""", "properties[a].type: Required value: must not be empty for specified object fields" },
        { """{"type":"string"}""", "openAPIV3Schema.type: Invalid value: \"string\": must be object at the root" },
        { """{"type":"object","properties":{"a":{"type":"array"}}}""", "properties[a].items: Required value: must be specified" },
        { """{"type":"object","properties":{"a":{"type":"integer","default":"x"}}}""", "properties[a].default: Invalid value: \"string\"" },
        { """{"type":"object","properties":{"metadata":{"type":"object","properties":{"labels":{"type":"object"}}}}}""", "must not specify anything other than name and generateName, but metadata is implicitly specified" },
        { """{"type":"object","properties":{"a":{"type":"object","anyOf":[{"type":"object"}]}}}""", "anyOf[0].type: Forbidden: must be empty to be structural" },
        { """{"type":"object","properties":{"a":{"type":"array","items":{"type":"object","properties":{"n":{"type":"string"}}},"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["n"]}}}""", "must have a default or be a required property" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_value_that_the_schema_does_not_allow_is_refused_in_upstreams_words(string schema, string value, string message)
    {
        string group = Group(schema + value);
        await Definitions.ServeAsync(Server, Definitions.Widgets(
            group, $$"""{"type":"object","properties":{"spec":{"type":"object","properties":{"a":{{schema}} } } } }"""));

        Answer refused = await Server.PostAsync(
            $"/apis/{group}/v1/namespaces/default/widgets",
            $$"""{"apiVersion":"{{group}}/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"a":{{value}} } }""");

        Assert.Equal(422, refused.Code);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Unsound))]
    public async Task A_definition_with_an_unsound_schema_is_refused(string schema, string message)
    {
        Answer refused = await Server.PostAsync(Definitions.Path, Definitions.Widgets(Group(schema), schema).ToJsonString());

        Assert.Equal(422, refused.Code);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_wrong_before_a_stricter_schema_may_stay_as_long_as_it_does_not_change()
    {
        JsonObject definition = Definitions.Widgets(
            "ratchet.example.org",
            """{"type":"object","properties":{"spec":{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"string"}}}}}""");
        await Definitions.ServeAsync(Server, definition);
        const string Path = "/apis/ratchet.example.org/v1/namespaces/default/widgets";
        await Server.PostAsync(Path, """{"apiVersion":"ratchet.example.org/v1","kind":"Widget","metadata":{"name":"a"},"spec":{"a":"long text"}}""");
        await Server.PatchAsync(
            $"{Definitions.Path}/widgets.ratchet.example.org",
            """[{"op":"add","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/a/maxLength","value":3}]""",
            "application/json-patch+json");
        await Testing.Eventually.TrueAsync(
            async () => (await Server.PatchAsync($"{Path}/a?dryRun=All", """{"spec":{"a":"another long text"}}""")).Code == 422, "the new schema rules");

        Answer kept = await Server.PatchAsync($"{Path}/a", """{"spec":{"b":"x"}}""");

        Assert.Equal((200, "long text"), (kept.Code, kept.Json.Text("spec", "a")));
    }

    private static string Group(string text)
    {
        byte[] hash = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text));
        return $"g{Convert.ToHexStringLower(hash.AsSpan(0, 6))}.example.org";
    }
}
