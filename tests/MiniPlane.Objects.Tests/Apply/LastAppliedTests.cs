using System.Text.Json.Nodes;
using MiniPlane.Objects.Apply;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Objects.Tests.Apply;

public class LastAppliedTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void What_kubectl_applied_on_its_own_side_it_changes_on_the_servers_side_without_force()
    {
        JsonObject live = ClientSide("""{"a":"1"}""");

        JsonObject merged = Apply(live, """{"a":"2"}""", "kubectl");

        Assert.Equal("2", (string?)merged["data"]!["a"]);
        Assert.Equal(
            """{"apiVersion":"v1","data":{"a":"2"},"kind":"ConfigMap","metadata":{"name":"x"}}""" + "\n",
            (string?)merged["metadata"]!["annotations"]![LastApplied.Annotation]);
    }

    [Fact]
    public void Another_managers_name_opts_out()
    {
        JsonObject live = ClientSide("""{"a":"1"}""");
        string? before = (string?)live["metadata"]!["annotations"]![LastApplied.Annotation];

        Assert.Throws<ApiException>(() => Apply(live, """{"a":"2"}""", "me"));
        JsonObject forced = Apply(live, """{"a":"2"}""", "me", force: true);

        Assert.Equal(before, (string?)forced["metadata"]!["annotations"]![LastApplied.Annotation]);
    }

    [Fact]
    public void What_somebody_else_changed_since_is_a_conflict_still()
    {
        JsonObject live = ClientSide("""{"a":"1","b":"1"}""");
        JsonObject changed = live.DeepClone().AsObject();
        changed["data"]!["b"] = "9";
        FieldOwnership.Track(BuiltInKinds.ConfigMap.Type, live, changed, Manager("other"), new FieldSet(), Now);

        ApiException refused = Assert.Throws<ApiException>(() => Apply(changed, """{"a":"2","b":"2"}""", "kubectl"));

        Assert.Equal("Apply failed with 1 conflict: conflict with \"other\" using v1: .data.b", refused.Message);
    }

    [Fact]
    public void An_object_without_the_annotation_gets_none()
    {
        JsonObject merged = Apply(null, """{"a":"1"}""", "kubectl");

        Assert.Null(merged["metadata"]!["annotations"]);
    }

    private static JsonObject ClientSide(string data)
    {
        JsonObject body = Body(data);
        body["metadata"]!["annotations"] = new JsonObject { [LastApplied.Annotation] = Body(data).ToJsonString() };
        FieldOwnership.Track(BuiltInKinds.ConfigMap.Type, null, body, Manager("kubectl-client-side-apply"), new FieldSet(), Now);
        return body;
    }

    private static JsonObject Apply(JsonObject? live, string data, string manager, bool force = false) =>
        FieldOwnership.Apply(BuiltInKinds.ConfigMap.Type, live, Body(data), Manager(manager), new FieldSet(), force, Now);

    private static FieldManager Manager(string name) => new(name, "v1", "");

    private static JsonObject Body(string data) =>
        JsonNode.Parse($$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"x"},"data":{{data}}}""")!.AsObject();
}
