namespace MiniPlane.ApiServer.Tests.Hosting;

/// <summary>One server for the tests of a class; each test uses a namespace of its own.</summary>
public sealed class ApiServerFixture : IAsyncLifetime
{
    private int _namespaces;

    public TestApiServer Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await TestApiServer.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    /// <summary>A new namespace; returns its name.</summary>
    public async Task<string> NamespaceAsync()
    {
        string name = $"test-{Interlocked.Increment(ref _namespaces)}";
        await Server.PostAsync("/api/v1/namespaces", $$"""{"metadata":{"name":"{{name}}"} }""");
        return name;
    }
}
