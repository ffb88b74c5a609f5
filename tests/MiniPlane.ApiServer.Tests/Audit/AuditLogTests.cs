using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Audit;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;
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
        - level: None
          verbs: [get, watch, list]
        - level: Metadata
          resources:
          - group: ""
            resources: [secrets]
        - level: RequestResponse
          namespaces: [default]
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
                string[] lines = File.Exists(Log) ? await File.ReadAllLinesAsync(Log) : [];
                found = lines.Select(line => JsonNode.Parse(line)!.AsObject()).FirstOrDefault(one => one.Text("objectRef", "resource") == resource);
                return found is not null;
            },
            $"{resource} is in the log");
        return found!;
    }
}
