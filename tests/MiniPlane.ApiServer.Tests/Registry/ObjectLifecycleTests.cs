using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Registry;

public sealed class ObjectLifecycleTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private readonly TestApiServer _server = fixture.Server;

    [Fact]
    public async Task A_created_object_has_uid_revision_and_time_and_can_be_read_back()
    {
        string ns = await fixture.NamespaceAsync();

        Answer created = await _server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"a"},"data":{"k":"v"}}""");
        Answer read = await _server.GetAsync($"/api/v1/namespaces/{ns}/configmaps/a");

        Assert.Equal(201, created.Code);
        Assert.Equal(36, created.Json.TextOrEmpty("metadata", "uid").Length);
        Assert.NotEmpty(created.ResourceVersion);
        Assert.Equal(created.Text, read.Text);
    }

    [Fact]
    public async Task A_second_object_of_the_same_name_is_refused_with_409()
    {
        string ns = await fixture.NamespaceAsync();
        await _server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"a"}}""");

        Answer again = await _server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", """{"metadata":{"name":"a"}}""");

        Assert.Equal((409, "AlreadyExists"), (again.Code, again.Reason));
    }

    [Fact]
    public async Task A_stale_resourceVersion_is_refused_with_409()
    {
        string ns = await fixture.NamespaceAsync();
        string path = $"/api/v1/namespaces/{ns}/configmaps";
        Answer first = await _server.PostAsync(path, """{"metadata":{"name":"a"}}""");
        await _server.PatchAsync($"{path}/a", """{"data":{"x":"1"}}""");

        Answer stale = await _server.PutAsync(
            $"{path}/a", $$"""{"metadata":{"name":"a","resourceVersion":"{{first.ResourceVersion}}"},"data":{} }""");

        Assert.Equal((409, "Conflict"), (stale.Code, stale.Reason));
    }

    [Fact]
    public async Task An_update_that_changes_nothing_writes_no_revision()
    {
        string ns = await fixture.NamespaceAsync();
        string path = $"/api/v1/namespaces/{ns}/configmaps";
        Answer first = await _server.PostAsync(path, """{"metadata":{"name":"a"},"data":{"x":"1"}}""");

        Answer same = await _server.PatchAsync($"{path}/a", """{"data":{"x":"1"}}""");

        Assert.Equal(first.ResourceVersion, same.ResourceVersion);
    }

    [Fact]
    public async Task Finalizers_hold_a_deleted_object_until_the_last_is_gone()
    {
        string ns = await fixture.NamespaceAsync();
        string path = $"/api/v1/namespaces/{ns}/configmaps";
        await _server.PostAsync(path, """{"metadata":{"name":"a","finalizers":["example.test/hold"]}}""");

        Answer deleted = await _server.DeleteAsync($"{path}/a");
        Answer held = await _server.GetAsync($"{path}/a");
        await _server.PatchAsync($"{path}/a", """{"metadata":{"finalizers":null}}""");
        Answer gone = await _server.GetAsync($"{path}/a");

        Assert.True(deleted.Json.Has("metadata", "deletionTimestamp"));
        Assert.Equal(200, held.Code);
        Assert.Equal(404, gone.Code);
    }

    [Fact]
    public async Task Nothing_is_created_in_a_namespace_that_does_not_exist()
    {
        Answer refused = await _server.PostAsync("/api/v1/namespaces/nowhere/configmaps", """{"metadata":{"name":"a"}}""");

        Assert.Equal(404, refused.Code);
        Assert.Equal("namespaces \"nowhere\" not found", refused.Message);
    }

    [Fact]
    public async Task A_dry_run_stores_nothing()
    {
        string ns = await fixture.NamespaceAsync();
        string path = $"/api/v1/namespaces/{ns}/configmaps";

        Answer dry = await _server.PostAsync($"{path}?dryRun=All", """{"metadata":{"name":"a"}}""");
        Answer read = await _server.GetAsync($"{path}/a");

        Assert.Equal(201, dry.Code);
        Assert.Empty(dry.ResourceVersion);
        Assert.Equal(404, read.Code);
    }
}
