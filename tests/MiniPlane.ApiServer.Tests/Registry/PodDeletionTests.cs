using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Registry;

public sealed class PodDeletionTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private readonly TestApiServer _server = fixture.Server;

    [Fact]
    public async Task A_pod_that_no_node_has_is_gone_at_once()
    {
        string pods = await PodAsync();

        Answer deleted = await _server.DeleteAsync($"{pods}/p");
        Answer read = await _server.GetAsync($"{pods}/p");

        Assert.Equal("Pod", deleted.Json.Text("kind"));
        Assert.Equal(404, read.Code);
    }

    [Fact]
    public async Task A_bound_pod_is_only_marked_until_its_node_deletes_it_with_no_grace()
    {
        string pods = await PodAsync();
        await _server.PostAsync($"{pods}/p/binding", """{"metadata":{"name":"p"},"target":{"kind":"Node","name":"n"}}""");

        await _server.DeleteAsync($"{pods}/p");
        Answer marked = await _server.GetAsync($"{pods}/p");
        await _server.DeleteAsync($"{pods}/p?gracePeriodSeconds=0");
        Answer gone = await _server.GetAsync($"{pods}/p");

        Assert.Equal(30, marked.Json.Integer("metadata", "deletionGracePeriodSeconds"));
        Assert.Equal(404, gone.Code);
    }

    [Fact]
    public async Task A_grace_beyond_all_dates_is_taken_and_can_be_shortened()
    {
        string pods = await PodAsync();
        await _server.PostAsync($"{pods}/p/binding", """{"metadata":{"name":"p"},"target":{"kind":"Node","name":"n"}}""");

        Answer marked = await _server.DeleteAsync($"{pods}/p?gracePeriodSeconds=9223372036854775807");
        Answer shorter = await _server.DeleteAsync($"{pods}/p?gracePeriodSeconds=5");

        Assert.Equal((200, long.MaxValue), (marked.Code, marked.Json.Integer("metadata", "deletionGracePeriodSeconds")));
        Assert.Equal((200, 5), (shorter.Code, shorter.Json.Integer("metadata", "deletionGracePeriodSeconds")));
    }

    [Fact]
    public async Task A_second_deletion_may_only_shorten_the_grace()
    {
        string pods = await PodAsync();
        await _server.PostAsync($"{pods}/p/binding", """{"metadata":{"name":"p"},"target":{"kind":"Node","name":"n"}}""");
        await _server.DeleteAsync($"{pods}/p?gracePeriodSeconds=20");

        Answer longer = await _server.DeleteAsync($"{pods}/p?gracePeriodSeconds=60");
        Answer shorter = await _server.DeleteAsync($"{pods}/p?gracePeriodSeconds=5");

        Assert.Equal(20, longer.Json.Integer("metadata", "deletionGracePeriodSeconds"));
        Assert.Equal(5, shorter.Json.Integer("metadata", "deletionGracePeriodSeconds"));
    }

    [Fact]
    public async Task A_binding_posted_to_its_own_collection_binds_the_pod()
    {
        string pods = await PodAsync();
        string bindings = pods[..pods.LastIndexOf('/')] + "/bindings";

        Answer bound = await _server.PostAsync(bindings, """{"metadata":{"name":"p"},"target":{"kind":"Node","name":"n"}}""");
        Answer pod = await _server.GetAsync($"{pods}/p");

        Assert.Equal(201, bound.Code);
        Assert.Equal("n", pod.Json.Text("spec", "nodeName"));
    }

    private async Task<string> PodAsync()
    {
        string ns = await fixture.NamespaceAsync();
        await _server.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts", """{"metadata":{"name":"default"}}""");
        await _server.PostAsync(
            $"/api/v1/namespaces/{ns}/pods", """{"metadata":{"name":"p"},"spec":{"containers":[{"name":"a","image":"i"}]}}""");
        return $"/api/v1/namespaces/{ns}/pods";
    }
}
