using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.ApiServer.Watching;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;
using MiniPlane.Testing;

namespace MiniPlane.ApiServer.Tests.Watching;

public sealed class PagesTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private readonly TestApiServer _server = fixture.Server;

    [Fact]
    public async Task An_expired_page_answers_410_with_a_token_for_the_rest_as_it_is_now()
    {
        string path = $"/api/v1/namespaces/{await fixture.NamespaceAsync()}/configmaps";
        foreach (string name in (string[])["a", "b", "c"])
        {
            await _server.PostAsync(path, $$"""{"metadata":{"name":"{{name}}"} }""");
        }

        Answer first = await _server.GetAsync($"{path}?limit=1");
        await _server.PostAsync(path, """{"metadata":{"name":"d"}}""");
        string expired = (ContinueToken.Decode(first.Json.TextOrEmpty("metadata", "continue")) with { Revision = 1 }).Encode();
        Answer gone = await _server.GetAsync($"{path}?limit=1&continue={expired}");
        Answer rest = await _server.GetAsync($"{path}?continue={gone.Json.Text("metadata", "continue")}");

        Assert.Equal((410, "Expired"), (gone.Code, gone.Reason));
        Assert.Equal(["b", "c", "d"], rest.Json.Objects("items").Select(item => item.TextOrEmpty("metadata", "name")));
    }

    [Fact]
    public void A_page_that_is_asked_for_again_and_again_expires_all_the_same()
    {
        var time = new ManualTime();
        var pinned = new PinnedSnapshots(time);
        var snapshot = new EmptySnapshot(7);

        pinned.Keep("pods", snapshot);
        time.Advance(TimeSpan.FromMinutes(4));
        pinned.Keep("pods", snapshot);
        bool isThere = pinned.Find("pods", 7) is not null;
        time.Advance(TimeSpan.FromMinutes(2));

        Assert.True(isThere);
        Assert.Null(pinned.Find("pods", 7));
    }

    [Theory]
    [InlineData("abc", 400)]
    [InlineData("10s", 200)]
    public async Task A_request_may_bring_its_own_time_limit(string timeout, int code)
    {
        Answer answer = await _server.GetAsync($"/api/v1/namespaces?timeout={timeout}");

        Assert.Equal(code, answer.Code);
    }

    private sealed class EmptySnapshot(long revision) : CollectionSnapshot
    {
        public override long Revision => revision;

        public override int Count => 0;

        public override ObjectDocument? Find(ObjectKey key) => null;

        public override IEnumerable<ObjectDocument> Range(string? ns, ObjectKey? after) => [];
    }
}
