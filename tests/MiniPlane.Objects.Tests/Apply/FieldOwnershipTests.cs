using System.Text.Json.Nodes;
using MiniPlane.Objects.Apply;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Objects.Tests.Apply;

public class FieldOwnershipTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly FieldSet Status = FieldSet.FromJson(JsonNode.Parse("""{"f:status":{}}"""));

    [Fact]
    public void A_created_deployment_is_owned_as_kube_apiserver_records_it()
    {
        JsonObject created = Parse(
            """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d","namespace":"tr-c"},"spec":{"progressDeadlineSeconds":600,
            "replicas":2,"revisionHistoryLimit":10,"selector":{"matchLabels":{"app":"d"}},"strategy":{"rollingUpdate":{"maxSurge":"25%",
            "maxUnavailable":"25%"},"type":"RollingUpdate"},"template":{"metadata":{"labels":{"app":"d"}},"spec":{"containers":[{"image":"i:1",
            "imagePullPolicy":"IfNotPresent","name":"c","resources":{},"terminationMessagePath":"/dev/termination-log",
            "terminationMessagePolicy":"File"}],"dnsPolicy":"ClusterFirst","restartPolicy":"Always","schedulerName":"default-scheduler",
            "securityContext":{},"terminationGracePeriodSeconds":30}}},"status":{}}
            """);

        FieldOwnership.Track(BuiltInKinds.Deployment.Type, null, created, Manager("Python-urllib", "apps/v1"), Status, Now);

        Assert.Equal(
            """{"f:spec":{"f:progressDeadlineSeconds":{},"f:replicas":{},"f:revisionHistoryLimit":{},"f:selector":{},"f:strategy":{"f:rollingUpdate":{".":{},"f:maxSurge":{},"f:maxUnavailable":{}},"f:type":{}},"f:template":{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"c\"}":{".":{},"f:image":{},"f:imagePullPolicy":{},"f:name":{},"f:resources":{},"f:terminationMessagePath":{},"f:terminationMessagePolicy":{}}},"f:dnsPolicy":{},"f:restartPolicy":{},"f:schedulerName":{},"f:securityContext":{},"f:terminationGracePeriodSeconds":{}}}}}""",
            Fields(created, 0));
    }

    [Fact]
    public void An_update_moves_ownership_of_what_it_changed()
    {
        JsonObject live = Created("""{"data":{"a":"1","b":"1"}}""", "first");
        JsonObject changed = live.DeepClone().AsObject();
        changed["data"]!["b"] = "2";

        FieldOwnership.Track(BuiltInKinds.ConfigMap.Type, live, changed, Manager("second"), new FieldSet(), Now.AddMinutes(1));

        Assert.Equal("""{"f:data":{".":{},"f:a":{}}}""", Fields(changed, 0));
        Assert.Equal("""{"f:data":{"f:b":{}}}""", Fields(changed, 1));
    }

    [Fact]
    public void Applying_a_value_that_another_manager_set_is_a_conflict_that_names_both()
    {
        JsonObject live = Applied(null, """{"data":{"a":"1"}}""", "first");

        ApiException refused = Assert.Throws<ApiException>(() => Applied(live, """{"data":{"a":"2"}}""", "second"));

        Assert.Equal(409, refused.Code);
        Assert.Equal("Apply failed with 1 conflict: conflict with \"first\": .data.a", refused.Message);
        Assert.Equal(new StatusCause("FieldManagerConflict", "conflict with \"first\"", ".data.a"), Assert.Single(refused.Causes));
    }

    [Fact]
    public void Applying_the_same_value_shares_ownership()
    {
        JsonObject live = Applied(null, """{"data":{"a":"1"}}""", "first");

        JsonObject merged = Applied(live, """{"data":{"a":"1"}}""", "second");

        Assert.Equal("""{"f:data":{"f:a":{}}}""", Fields(merged, 0));
        Assert.Equal("""{"f:data":{"f:a":{}}}""", Fields(merged, 1));
    }

    [Fact]
    public void A_writer_may_rename_a_manager_and_clear_all_of_them()
    {
        JsonObject live = Created("""{"data":{"a":"1"}}""", "kubectl-client-side-apply");
        JsonObject renamed = live.DeepClone().AsObject();
        renamed["metadata"]!["managedFields"]![0]!["manager"] = "kubectl";
        JsonObject emptied = live.DeepClone().AsObject();
        emptied["metadata"]!["managedFields"] = new JsonArray();
        JsonObject cleared = live.DeepClone().AsObject();
        cleared["metadata"]!["managedFields"] = new JsonArray(new JsonObject());

        foreach (JsonObject changed in (JsonObject[])[renamed, emptied, cleared])
        {
            FieldOwnership.Track(BuiltInKinds.ConfigMap.Type, live, changed, Manager("second"), new FieldSet(), Now.AddMinutes(1));
        }

        Assert.Equal("kubectl", (string?)Assert.Single(renamed["metadata"]!["managedFields"]!.AsArray())!["manager"]);
        Assert.Single(emptied["metadata"]!["managedFields"]!.AsArray());
        Assert.Null(cleared["metadata"]!["managedFields"]);
    }

    [Fact]
    public void The_last_label_of_a_manager_does_not_take_the_metadata_with_it()
    {
        JsonObject live = Applied(null, """{"metadata":{"name":"c","finalizers":["a/b"]},"data":{"a":"1"}}""", "first");
        live["metadata"]!["resourceVersion"] = "7";

        JsonObject merged = Applied(live, """{"metadata":{"name":"c"},"data":{"a":"1"}}""", "first");

        Assert.Equal("7", (string?)merged["metadata"]!["resourceVersion"]);
        Assert.Null(merged["metadata"]!["finalizers"]);
    }

    [Fact]
    public void Force_takes_the_field_over()
    {
        JsonObject live = Applied(null, """{"data":{"a":"1","b":"1"}}""", "first");

        JsonObject merged = Applied(live, """{"data":{"a":"2"}}""", "second", force: true);

        Assert.Equal("2", (string?)merged["data"]!["a"]);
        Assert.Equal("""{"f:data":{"f:b":{}}}""", Fields(merged, 0));
        Assert.Equal("""{"f:data":{"f:a":{}}}""", Fields(merged, 1));
    }

    [Fact]
    public void A_field_left_out_of_the_next_apply_goes_unless_somebody_else_owns_it()
    {
        JsonObject live = Applied(null, """{"data":{"a":"1","b":"1","c":"1"}}""", "first");
        live = Applied(live, """{"data":{"b":"1"}}""", "second");

        JsonObject merged = Applied(live, """{"data":{"c":"1"}}""", "first");

        Assert.Equal("""{"b":"1","c":"1"}""", merged["data"]!.ToJsonString());
    }

    [Fact]
    public void List_items_are_merged_and_removed_by_their_keys()
    {
        const string Two = """{"spec":{"ports":[{"port":80,"name":"http"},{"port":443,"name":"https"}]}}""";
        JsonObject live = Apply(BuiltInKinds.Service, null, Two, "first");
        live = Apply(BuiltInKinds.Service, live, """{"spec":{"ports":[{"port":53,"protocol":"UDP","name":"dns"}]}}""", "second");

        JsonObject merged = Apply(BuiltInKinds.Service, live, """{"spec":{"ports":[{"port":443,"name":"https"}]}}""", "first");

        Assert.Equal(["https", "dns"], merged["spec"]!["ports"]!.AsArray().Select(port => (string?)port!["name"]));
        Assert.Contains("""k:{\u0022port\u0022:443,\u0022protocol\u0022:\u0022TCP\u0022}""", merged.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Applying_the_same_again_changes_nothing_at_all()
    {
        JsonObject live = Applied(null, """{"data":{"a":"1"}}""", "first");

        JsonObject again = FieldOwnership.Apply(
            BuiltInKinds.ConfigMap.Type, live, Body("""{"data":{"a":"1"}}"""), Manager("first"), new FieldSet(), false, Now.AddHours(1));

        Assert.Equal(live.ToJsonString(), again.ToJsonString());
    }

    [Fact]
    public void Eleven_updaters_are_folded_into_ten_entries()
    {
        JsonObject live = Created("""{"data":{"a":"0"}}""", "m0");
        for (int i = 1; i <= 11; i++)
        {
            JsonObject changed = live.DeepClone().AsObject();
            changed["data"]![$"k{i}"] = "1";
            FieldOwnership.Track(BuiltInKinds.ConfigMap.Type, live, changed, Manager($"m{i}"), new FieldSet(), Now.AddMinutes(i));
            live = changed;
        }

        JsonArray entries = live["metadata"]!["managedFields"]!.AsArray();
        Assert.Equal(10, entries.Count);
        Assert.Equal("ancient-changes", (string?)entries[0]!["manager"]);
    }

    private static JsonObject Created(string part, string manager)
    {
        JsonObject body = Body(part);
        FieldOwnership.Track(BuiltInKinds.ConfigMap.Type, null, body, Manager(manager), new FieldSet(), Now);
        return body;
    }

    private static JsonObject Applied(JsonObject? live, string part, string manager, bool force = false) =>
        FieldOwnership.Apply(BuiltInKinds.ConfigMap.Type, live, Body(part), Manager(manager), new FieldSet(), force, Now);

    private static JsonObject Apply(KindDefinition kind, JsonObject? live, string part, string manager) =>
        FieldOwnership.Apply(kind.Type, live, Body(part), Manager(manager), new FieldSet(), false, Now);

    private static JsonObject Body(string part)
    {
        JsonObject body = Parse("""{"apiVersion":"v1","kind":"X","metadata":{"name":"x"}}""");
        foreach ((string name, JsonNode? value) in Parse(part))
        {
            body[name] = value?.DeepClone();
        }

        return body;
    }

    private static FieldManager Manager(string name, string version = "v1") => new(name, version, "");

    private static string Fields(JsonObject json, int index) =>
        json["metadata"]!["managedFields"]![index]!["fieldsV1"]!.ToJsonString(
            new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
