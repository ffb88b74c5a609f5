using System.Net.WebSockets;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Watching;

public sealed class WatchTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private readonly TestApiServer _server = fixture.Server;

    [Fact]
    public async Task A_watch_with_a_selector_sees_objects_enter_and_leave_it()
    {
        string path = $"/api/v1/namespaces/{await fixture.NamespaceAsync()}/configmaps";
        Answer start = await _server.GetAsync(path);
        await _server.PostAsync(path, """{"metadata":{"name":"a"}}""");
        await _server.PatchAsync($"{path}/a", """{"metadata":{"labels":{"w":"y"}}}""");
        await _server.PatchAsync($"{path}/a", """{"metadata":{"labels":{"w":"n"}}}""");

        JsonNode[] events = await WatchAsync($"{path}?watch=1&timeoutSeconds=1&labelSelector=w%3Dy&resourceVersion={start.ResourceVersion}");

        Assert.Equal(["ADDED", "DELETED"], events.Select(one => one.TextOrEmpty("type")));
        Assert.Equal("y", events[1].Text("object", "metadata", "labels", "w"));
    }

    [Fact]
    public async Task A_watch_list_sends_the_state_and_then_marks_its_end()
    {
        string path = $"/api/v1/namespaces/{await fixture.NamespaceAsync()}/configmaps";
        await _server.PostAsync(path, """{"metadata":{"name":"a"}}""");

        JsonNode[] events = await WatchAsync(
            $"{path}?watch=1&timeoutSeconds=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");

        Assert.Equal(["ADDED", "BOOKMARK"], events.Select(one => one.TextOrEmpty("type")));
        Assert.Equal("true", events[1].Text("object", "metadata", "annotations", "k8s.io/initial-events-end"));
    }

    [Fact]
    public async Task A_browser_watches_over_a_WebSocket_with_a_message_for_each_event()
    {
        string path = $"/api/v1/namespaces/{await fixture.NamespaceAsync()}/configmaps";
        await _server.PostAsync(path, """{"metadata":{"name":"a"}}""");
        using var socket = new ClientWebSocket();
#pragma warning disable CA5359 // The server's certificate is checked by other tests.
        socket.Options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        socket.Options.SetRequestHeader("Authorization", $"Bearer {TestApiServer.AdminToken}");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        await socket.ConnectAsync(new Uri($"wss://127.0.0.1:{_server.Address.Port}{path}?watch=1"), limit.Token);

        JsonNode first = await ReceiveAsync(socket, limit.Token);
        await _server.PatchAsync($"{path}/a", """{"data":{"k":"v"}}""");
        JsonNode second = await ReceiveAsync(socket, limit.Token);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);

        Assert.Equal(("ADDED", "a"), (first.Text("type"), first.Text("object", "metadata", "name")));
        Assert.Equal(("MODIFIED", "v"), (second.Text("type"), second.Text("object", "data", "k")));
        Assert.Equal(WebSocketState.Closed, socket.State);
    }

    [Fact]
    public async Task A_watch_over_a_WebSocket_ends_with_a_good_bye()
    {
        string path = $"/api/v1/namespaces/{await fixture.NamespaceAsync()}/configmaps";
        using var socket = new ClientWebSocket();
#pragma warning disable CA5359 // The server's certificate is checked by other tests.
        socket.Options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        socket.Options.SetRequestHeader("Authorization", $"Bearer {TestApiServer.AdminToken}");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), TimeProvider.System);
        await socket.ConnectAsync(new Uri($"wss://127.0.0.1:{_server.Address.Port}{path}?watch=1&timeoutSeconds=1"), limit.Token);

        WebSocketReceiveResult end = await socket.ReceiveAsync(new byte[64], limit.Token);

        Assert.Equal((WebSocketMessageType.Close, WebSocketCloseStatus.NormalClosure), (end.MessageType, end.CloseStatus));
    }

    [Fact]
    public async Task A_watch_answers_before_anything_happens()
    {
        string path = $"/api/v1/namespaces/{await fixture.NamespaceAsync()}/configmaps";
        Answer start = await _server.GetAsync(path);
        using HttpClient client = _server.NewClient(TestApiServer.AdminToken);
        client.DefaultRequestVersion = System.Net.HttpVersion.Version20;
        client.DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        var watch = new Uri($"{path}?watch=1&timeoutSeconds=60&resourceVersion={start.ResourceVersion}", UriKind.Relative);

        using HttpResponseMessage answer = await client.GetAsync(watch, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(System.Net.HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Pages_of_a_list_show_the_state_of_the_first_page()
    {
        string path = $"/api/v1/namespaces/{await fixture.NamespaceAsync()}/configmaps";
        foreach (string name in (string[])["a", "b", "c"])
        {
            await _server.PostAsync(path, $$"""{"metadata":{"name":"{{name}}"} }""");
        }

        Answer first = await _server.GetAsync($"{path}?limit=2");
        await _server.DeleteAsync($"{path}/c");
        Answer second = await _server.GetAsync($"{path}?limit=2&continue={first.Json.Text("metadata", "continue")}");

        Assert.Equal(1, first.Json.Integer("metadata", "remainingItemCount"));
        Assert.Equal(["c"], second.Json.Objects("items").Select(item => item.TextOrEmpty("metadata", "name")));
        Assert.Equal(first.ResourceVersion, second.ResourceVersion);
    }

    [Fact]
    public async Task An_exact_list_of_an_earlier_revision_shows_that_state()
    {
        string path = $"/api/v1/namespaces/{await fixture.NamespaceAsync()}/configmaps";
        Answer created = await _server.PostAsync(path, """{"metadata":{"name":"a"},"data":{"k":"1"}}""");
        await _server.PatchAsync($"{path}/a", """{"data":{"k":"2"}}""");
        await _server.PostAsync(path, """{"metadata":{"name":"b"}}""");

        Answer past = await _server.GetAsync($"{path}?resourceVersion={created.ResourceVersion}&resourceVersionMatch=Exact");

        JsonObject item = Assert.Single(past.Json.Objects("items"));
        Assert.Equal("1", item.Text("data", "k"));
    }

    private async Task<JsonNode[]> WatchAsync(string path)
    {
        string text = await _server.Admin.GetStringAsync(new Uri(path, UriKind.Relative), CancellationToken.None);
        return [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    private static async Task<JsonNode> ReceiveAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[16 * 1024];
        int length = 0;
        while (true)
        {
            WebSocketReceiveResult part = await socket.ReceiveAsync(new ArraySegment<byte>(buffer, length, buffer.Length - length), cancellationToken);
            length += part.Count;
            if (part.EndOfMessage)
            {
                return JsonNode.Parse(buffer.AsSpan(0, length))!;
            }
        }
    }
}
