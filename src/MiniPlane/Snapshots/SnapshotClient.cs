using MiniPlane.Connection;

namespace MiniPlane.Snapshots;

/// <summary>Asks the running server for its objects, as the administrator whose kubeconfig lies in the data directory.</summary>
internal static class SnapshotClient
{
    /// <summary>Throws <see cref="HttpRequestException"/> or <see cref="IOException"/> if the server does not answer whole.</summary>
    public static async Task CopyObjectsAsync(string dataDirectory, Stream output, CancellationToken cancellationToken)
    {
        using var server = ServerConnection.Open(dataDirectory);
        await server.CopyAsync(SnapshotEndpoint.Path, output, cancellationToken);
    }
}
