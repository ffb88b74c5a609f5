using System.Text.Json.Nodes;
using MiniPlane.Controllers.Collection;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing.Cluster;

namespace MiniPlane.Controllers.Tests.Collection;

public sealed class GarbageCollectorTests : IAsyncLifetime
{
    private readonly ControllerRig _rig = new();
    private ObjectDocument _owner = null!;

    public async Task InitializeAsync()
    {
        _owner = await _rig.CreateAsync("ConfigMap", Make.Object("v1", "ConfigMap", "owner"));
        await _rig.StartAsync(context => new GarbageCollector(context));
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task What_a_deleted_object_owned_is_deleted_through_all_levels()
    {
        ObjectDocument child = await CreateOwnedAsync("child", _owner);
        await CreateOwnedAsync("grandchild", child);
        await CreateOwnedAsync("unrelated");

        await _rig.DeleteAsync("ConfigMap", "default", "owner", "Background");

        await _rig.UntilAsync(() => _rig.Cluster.All("ConfigMap").Count == 1, "the owned ones go");
        Assert.Equal("unrelated", _rig.Cluster.All("ConfigMap")[0].Metadata.Name);
    }

    [Fact]
    public async Task An_object_whose_owner_never_was_is_deleted()
    {
        JsonObject body = Make.Object("v1", "ConfigMap", "child");
        body.Ensure("metadata")["ownerReferences"] = JsonNode.Parse("""[{ "apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": "another" }]""");
        await _rig.CreateAsync("ConfigMap", body);

        await _rig.UntilAsync(() => _rig.Cluster.Find("ConfigMap", "default", "child") is null, "it goes");
        Assert.NotNull(_rig.Cluster.Find("ConfigMap", "default", "owner"));
    }

    [Fact]
    public async Task With_one_owner_left_an_object_stays_and_forgets_the_other()
    {
        ObjectDocument second = await _rig.CreateAsync("ConfigMap", Make.Object("v1", "ConfigMap", "second"));
        await CreateOwnedAsync("child", _owner, second);

        await _rig.DeleteAsync("ConfigMap", "default", "owner");

        await _rig.UntilAsync(
            () => _rig.Cluster.Find("ConfigMap", "default", "child")!.Metadata.OwnerReferences.Count == 1, "the reference goes");
        Assert.Equal("second", _rig.Cluster.Find("ConfigMap", "default", "child")!.Metadata.OwnerReferences[0].Name);
    }

    [Fact]
    public async Task A_foreground_deletion_waits_for_the_dependents_that_block_it()
    {
        JsonObject body = Owned("child", _owner);
        body.Ensure("metadata")["finalizers"] = new JsonArray("example.com/hold");
        await _rig.CreateAsync("ConfigMap", body);

        await _rig.DeleteAsync("ConfigMap", "default", "owner", "Foreground");
        await _rig.UntilAsync(() => _rig.Cluster.Find("ConfigMap", "default", "child")!.Metadata.IsBeingDeleted, "the child is deleted first");
        await _rig.SettleAsync();
        bool waited = _rig.Cluster.Find("ConfigMap", "default", "owner") is not null;
        _rig.Cluster.Edit("ConfigMap", "default", "child", json => json.Ensure("metadata").Remove("finalizers"));

        await _rig.UntilAsync(() => _rig.Cluster.All("ConfigMap").Count == 0, "both go");
        Assert.True(waited);
    }

    [Fact]
    public async Task An_orphaning_deletion_lets_the_dependents_stay()
    {
        await CreateOwnedAsync("child", _owner);
        await _rig.UntilAsync(() => _rig.Context.Informers.For(_rig.Cluster.Kind("ConfigMap")).Count == 2, "the cache has both");

        await _rig.DeleteAsync("ConfigMap", "default", "owner", "Orphan");

        await _rig.UntilAsync(() => _rig.Cluster.Find("ConfigMap", "default", "owner") is null, "the owner goes");
        await _rig.SettleAsync();
        Assert.Empty(_rig.Cluster.Find("ConfigMap", "default", "child")!.Metadata.OwnerReferences);
    }

    [Fact]
    public async Task Objects_of_a_kind_that_came_later_are_collected_too()
    {
        _rig.Cluster.Kinds.Add(FakeCatalogue.Make("example.com", "Widget", "widgets", isNamespaced: true));
        JsonObject body = Owned("widget", _owner);
        body["apiVersion"] = "example.com/v1";
        body["kind"] = "Widget";
        await _rig.CreateAsync("Widget", body);
        await _rig.DeleteAsync("ConfigMap", "default", "owner");

        await _rig.UntilAsync(
            () =>
            {
                _rig.Time.Advance(TimeSpan.FromSeconds(1));
                return _rig.Cluster.All("Widget").Count == 0;
            },
            "it goes");
    }

    [Fact]
    public async Task A_chain_through_custom_kinds_is_collected_to_its_end()
    {
        _rig.Cluster.Kinds.Add(FakeCatalogue.Make("example.com", "Widget", "widgets", isNamespaced: true));
        JsonObject body = Owned("widget", _owner);
        body["apiVersion"] = "example.com/v1";
        body["kind"] = "Widget";
        ObjectDocument widget = await _rig.CreateAsync("Widget", body);
        JsonObject last = Make.Object("v1", "ConfigMap", "last");
        last.Ensure("metadata")["ownerReferences"] = JsonNode.Parse(
            $$"""[ { "apiVersion": "example.com/v1", "kind": "Widget", "name": "widget", "uid": "{{widget.Metadata.Uid}}" } ]""");
        await _rig.CreateAsync("ConfigMap", last);

        await _rig.DeleteAsync("ConfigMap", "default", "owner");

        await _rig.UntilAsync(
            () =>
            {
                _rig.Time.Advance(TimeSpan.FromSeconds(1));
                return _rig.Cluster.All("Widget").Count == 0 && _rig.Cluster.Find("ConfigMap", "default", "last") is null;
            },
            "all go");
    }

    [Fact]
    public async Task An_owner_whose_kind_nobody_followed_yet_takes_its_dependent_along()
    {
        await _rig.SettleAsync();
        _rig.Cluster.Kinds.Add(FakeCatalogue.Make("example.com", "Widget", "widgets", isNamespaced: true));
        ObjectDocument widget = await _rig.CreateAsync("Widget", Make.Object("example.com/v1", "Widget", "widget"));
        JsonObject body = Make.Object("v1", "ConfigMap", "part");
        body.Ensure("metadata")["ownerReferences"] = JsonNode.Parse(
            $$"""[ { "apiVersion": "example.com/v1", "kind": "Widget", "name": "widget", "uid": "{{widget.Metadata.Uid}}" } ]""");
        await _rig.CreateAsync("ConfigMap", body);
        await _rig.SettleAsync();

        // The clock stands still, so the catalogue is not looked at again.
        await _rig.DeleteAsync("Widget", "default", "widget");

        await _rig.UntilAsync(() => _rig.Cluster.Find("ConfigMap", "default", "part") is null, "it goes with its owner");
    }

    [Fact]
    public async Task An_object_whose_owners_kind_is_not_served_stays_until_it_is()
    {
        await _rig.CreateAsync("ConfigMap", OwnedByWidget("part", "never-was"));
        await _rig.SettleAsync();
        bool stayed = _rig.Cluster.Find("ConfigMap", "default", "part") is not null;

        _rig.Cluster.Kinds.Add(FakeCatalogue.Make("example.com", "Widget", "widgets", isNamespaced: true));

        await _rig.UntilAsync(
            () =>
            {
                _rig.Time.Advance(TimeSpan.FromSeconds(1));
                return _rig.Cluster.Find("ConfigMap", "default", "part") is null;
            },
            "it goes once its owner is known to be absent");
        Assert.True(stayed);
    }

    [Fact]
    public async Task What_an_object_owned_whose_kind_went_along_with_it_is_deleted_too()
    {
        KindDefinition kind = FakeCatalogue.Make("example.com", "Widget", "widgets", isNamespaced: true);
        _rig.Cluster.Kinds.Add(kind);
        ObjectDocument widget = await _rig.CreateAsync("Widget", Make.Object("example.com/v1", "Widget", "widget"));
        JsonObject part = OwnedByWidget("part", widget.Metadata.Uid);
        part["metadata"]!["ownerReferences"]!.AsArray().Add(JsonNode.Parse(
            """{ "apiVersion": "example.com/v1", "kind": "Gadget", "name": "gadget", "uid": "g" }"""));
        await _rig.CreateAsync("ConfigMap", part);
        await _rig.CreateAsync("ConfigMap", OwnedByWidget("another", widget.Metadata.Uid));
        await _rig.SettleAsync();

        _rig.Cluster.Kinds.Remove(kind);
        await _rig.Cluster.DeleteAsync(kind, widget.Key, DeleteQuery.Default, CancellationToken.None);

        await _rig.UntilAsync(() => _rig.Cluster.Find("ConfigMap", "default", "another") is null, "it goes");
        _rig.Cluster.Kinds.Add(kind);
        await _rig.SettleAsync();
        Assert.NotNull(_rig.Cluster.Find("ConfigMap", "default", "part"));
    }

    [Fact]
    public async Task An_owner_without_a_namespace_holds_dependents_in_any()
    {
        ObjectDocument node = await _rig.CreateAsync("Node", Make.Object("v1", "Node", "debug", @namespace: null));
        JsonObject body = Make.Object("v1", "ConfigMap", "child", "elsewhere");
        body.Ensure("metadata")["ownerReferences"] = JsonNode.Parse(
            $$"""[ { "apiVersion": "v1", "kind": "Node", "name": "debug", "uid": "{{node.Metadata.Uid}}" } ]""");
        await _rig.CreateAsync("ConfigMap", body);
        await _rig.SettleAsync();
        bool stayed = _rig.Cluster.Find("ConfigMap", "elsewhere", "child") is not null;

        await _rig.DeleteAsync("Node", "", "debug");

        await _rig.UntilAsync(() => _rig.Cluster.Find("ConfigMap", "elsewhere", "child") is null, "it goes");
        Assert.True(stayed);
    }

    [Fact]
    public async Task A_dependent_without_a_namespace_of_an_owner_in_one_is_left_alone_and_told_so()
    {
        JsonObject body = Make.Object("v1", "Node", "debug", @namespace: null);
        body.Ensure("metadata")["ownerReferences"] = Owned("child", _owner)["metadata"]!["ownerReferences"]!.DeepClone();

        await _rig.CreateAsync("Node", body);

        await _rig.UntilAsync(() => _rig.EventLines("OwnerRefInvalidNamespace").Any(), "it is told");
        await _rig.SettleAsync();
        Assert.NotNull(_rig.Cluster.Find("Node", "", "debug"));
    }

    [Fact]
    public async Task A_dependent_that_found_another_owner_at_the_last_moment_stays()
    {
        ObjectDocument second = await _rig.CreateAsync("ConfigMap", Make.Object("v1", "ConfigMap", "second"));
        bool isAdopted = false;
        _rig.Cluster.Refuse = line =>
        {
            if (line == "delete configmaps default/child" && !isAdopted)
            {
                isAdopted = true;
                _rig.Cluster.Edit("ConfigMap", "default", "child", json =>
                    json["metadata"]!["ownerReferences"] = Owned("child", second)["metadata"]!["ownerReferences"]!.DeepClone());
            }

            return null;
        };
        JsonObject body = Make.Object("v1", "ConfigMap", "child");
        body.Ensure("metadata")["ownerReferences"] = JsonNode.Parse("""[{ "apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": "another" }]""");

        await _rig.CreateAsync("ConfigMap", body);

        await _rig.UntilAsync(() => isAdopted, "it was about to go");
        await _rig.SettleAsync();
        Assert.NotNull(_rig.Cluster.Find("ConfigMap", "default", "child"));
    }

    [Fact]
    public async Task Pods_of_a_node_that_stays_away_are_failed_and_removed()
    {
        await using var rig = new ControllerRig();
        await rig.CreateAsync("Node", Make.Object("v1", "Node", "debug", @namespace: null));
        await rig.CreateAsync("Pod", Make.Pod("a", node: "debug"));
        await rig.StartAsync(context => new PodCollector(context));
        await rig.SettleAsync();

        await rig.DeleteAsync("Node", "", "debug");
        await rig.SettleAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(30));
        await rig.SettleAsync();
        bool stayed = rig.Cluster.Find("Pod", "default", "a") is not null;

        await rig.UntilAsync(
            () =>
            {
                rig.Time.Advance(TimeSpan.FromSeconds(1));
                return rig.Cluster.Find("Pod", "default", "a") is null;
            },
            "it is removed");
        Assert.True(stayed);
        Assert.Contains("update pods/status default/a", rig.Cluster.Writes);
    }

    private static JsonObject OwnedByWidget(string name, string uid)
    {
        JsonObject body = Make.Object("v1", "ConfigMap", name);
        body.Ensure("metadata")["ownerReferences"] = JsonNode.Parse(
            $$"""[ { "apiVersion": "example.com/v1", "kind": "Widget", "name": "widget", "uid": "{{uid}}" } ]""");
        return body;
    }

    private static JsonObject Owned(string name, params ObjectDocument[] owners)
    {
        JsonObject body = Make.Object("v1", "ConfigMap", name);
        body.Ensure("metadata")["ownerReferences"] = new JsonArray(
            [.. owners.Select(owner => JsonNode.Parse(
                $$"""{ "apiVersion": "v1", "kind": "ConfigMap", "name": "{{owner.Metadata.Name}}", "uid": "{{owner.Metadata.Uid}}", "blockOwnerDeletion": true }"""))]);
        return body;
    }

    private Task<ObjectDocument> CreateOwnedAsync(string name, params ObjectDocument[] owners) =>
        _rig.CreateAsync("ConfigMap", Owned(name, owners));
}
