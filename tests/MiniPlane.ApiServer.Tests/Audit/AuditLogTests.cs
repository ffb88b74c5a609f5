using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Audit;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Protobuf;
using MiniPlane.Testing;

namespace MiniPlane.ApiServer.Tests.Audit;

public sealed class AuditLogTests : IAsyncLifetime
{
    private const string Policy =
        """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        omitStages: [RequestReceived]
        rules:
        - level: Metadata
          verbs: [watch]
          namespaces: [kube-system]
        - level: Metadata
          resources:
          - group: apps
            resources: [deployments, daemonsets]
        - level: None
          verbs: [get, watch, list]
        - level: Metadata
          resources:
          - group: ""
            resources: [secrets]
        - level: RequestResponse
          namespaces: [default]
          omitManagedFields: true
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("miniplane-audit-").FullName;
    private TestApiServer _server = null!;

    private string Log => Path.Combine(_directory, "audit.log");

    public async Task InitializeAsync()
    {
        string policy = Path.Combine(_directory, "policy.yaml");
        await File.WriteAllTextAsync(policy, Policy);
        _server = await TestApiServer.StartAsync(options => options with
        {
            Audit = new AuditOptions { PolicyFile = policy, LogFile = Log, MaxBytes = 20_000, MaxBackups = 2 },
        });
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task The_policy_says_how_much_of_a_request_is_kept()
    {
        await _server.PostAsync("/api/v1/namespaces/default/secrets", """{"metadata":{"name":"s"},"stringData":{"password":"hunter2"}}""");
        await _server.GetAsync("/api/v1/namespaces/default/secrets/s");
        Answer created = await _server.PostAsync("/api/v1/namespaces/default/configmaps", """{"metadata":{"name":"m"},"data":{"k":"v"}}""");

        Assert.Equal(201, created.Code);
        JsonObject secret = await EventAsync("secrets");
        JsonObject map = await EventAsync("configmaps");
        Assert.Equal(("Metadata", "create", "admin"), (secret.Text("level"), secret.Text("verb"), secret.Text("user", "username")));
        Assert.DoesNotContain("hunter2", await File.ReadAllTextAsync(Log), StringComparison.Ordinal);
        Assert.Equal("v", map.Text("requestObject", "data", "k"));
        Assert.Equal(created.Json.Text("metadata", "uid"), map.Text("responseObject", "metadata", "uid"));
        Assert.Equal(201, map.Integer("responseStatus", "code"));
        Assert.Equal("ResponseComplete", map.Text("stage"));
        Assert.True(created.Json.Has("metadata", "managedFields"));
        Assert.False(map.Has("responseObject", "metadata", "managedFields"));
    }

    [Fact]
    public async Task A_watch_is_told_when_it_begins_and_when_it_ends()
    {
        Assert.Equal(200, (await _server.GetAsync("/api/v1/namespaces/kube-system/configmaps?watch=1&timeoutSeconds=1")).Code);

        string[] stages = [];
        await Eventually.TrueAsync(
            async () =>
            {
                stages = [.. (await EventsAsync("configmaps")).Select(one => one.TextOrEmpty("stage"))];
                return stages.Length >= 2;
            },
            "both stages are in the log");
        Assert.Equal(["ResponseStarted", "ResponseComplete"], stages);
    }

    [Fact]
    public async Task Who_acts_as_someone_else_is_named_with_him()
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/v1/namespaces/default/endpoints/none");
        request.Headers.Add("Impersonate-User", "jane");

        using HttpResponseMessage response = await _server.Admin.SendAsync(request, CancellationToken.None);

        JsonObject told = await EventAsync("endpoints");
        Assert.Equal(403, (int)response.StatusCode);
        Assert.Equal(("admin", "jane"), (told.Text("user", "username"), told.Text("impersonatedUser", "username")));
    }

    [Fact]
    public async Task Who_is_not_known_is_told_of_too()
    {
        using HttpClient stranger = _server.NewClient("no-token-of-anyone");

        Answer refused = await _server.SendAsync(HttpMethod.Get, "/apis/apps/v1/namespaces/default/deployments", null, null, client: stranger);

        JsonObject told = await EventAsync("deployments");
        Assert.Equal(401, refused.Code);
        Assert.Equal(401, told.Integer("responseStatus", "code"));
        Assert.Equal("Authentication failed, attempted: bearer", told.Text("responseStatus", "message"));
        Assert.Equal("ResponseStarted", told.Text("stage"));
        Assert.Empty(told.Object("user")!);
    }

    [Fact]
    public async Task Who_may_not_act_as_someone_else_is_told_of_too()
    {
        using HttpClient jane = _server.NewClient(TestApiServer.UserToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/apis/apps/v1/namespaces/default/daemonsets");
        request.Headers.Add("Impersonate-User", "admin");

        using HttpResponseMessage refused = await jane.SendAsync(request, CancellationToken.None);

        JsonObject told = await EventAsync("daemonsets");
        Assert.Equal(403, (int)refused.StatusCode);
        Assert.Equal((403, "ResponseComplete"), (told.Integer("responseStatus", "code"), told.Text("stage")));
        Assert.False(told.Has("impersonatedUser"));
    }

    [Fact]
    public async Task Bodies_in_protobuf_are_shown_as_objects()
    {
        byte[] body = """{"metadata":{"name":"binary","labels":{"k":"v"} } }"""u8.ToArray();
        using var content = new ReadOnlyMemoryContent(ProtobufEncoder.Encode("v1", "Endpoints", BuiltInKinds.Endpoints.Type, body));
        content.Headers.TryAddWithoutValidation("Content-Type", "application/vnd.kubernetes.protobuf");

        using HttpResponseMessage made = await _server.Admin.PostAsync("/api/v1/namespaces/default/endpoints", content, CancellationToken.None);

        Assert.Equal(201, (int)made.StatusCode);
        Assert.Equal("v", (await EventAsync("endpoints")).Text("requestObject", "metadata", "labels", "k"));
    }

    [Fact]
    public async Task A_log_that_has_grown_is_put_aside_and_the_oldest_go()
    {
        for (int number = 0; number < 60; number++)
        {
            await _server.PostAsync("/api/v1/namespaces/default/configmaps", $$"""{"metadata":{"name":"m-{{number}}"},"data":{"k":"{{new string('x', 500)}}"} }""");
        }

        await Eventually.TrueAsync(() => Task.FromResult(Directory.GetFiles(_directory, "audit-*.log").Length == 2), "two files are kept");
    }

    private async Task<JsonObject> EventAsync(string resource)
    {
        JsonObject? found = null;
        await Eventually.TrueAsync(
            async () =>
            {
                found = (await EventsAsync(resource)).FirstOrDefault();
                return found is not null;
            },
            $"{resource} is in the log");
        return found!;
    }

    // The last line may still be being written.
    private async Task<JsonObject[]> EventsAsync(string resource)
    {
        string text = File.Exists(Log) ? await File.ReadAllTextAsync(Log) : "";
        return
        [
            .. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonNode.Parse(line)!.AsObject())
                .Where(one => one.Text("objectRef", "resource") == resource),
        ];
    }
}
