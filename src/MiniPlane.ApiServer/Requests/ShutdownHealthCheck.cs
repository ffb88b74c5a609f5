using Microsoft.Extensions.Hosting;

namespace MiniPlane.ApiServer.Requests;

/// <summary>Not ready any more once the server is stopping.</summary>
internal sealed class ShutdownHealthCheck(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public string Name => "shutdown";

    public bool IsForLiveness => false;

    public string? Problem() => lifetime.ApplicationStopping.IsCancellationRequested ? "process is shutting down" : null;
}
