namespace MiniPlane.ApiServer.Requests;

/// <summary>The server answers at all.</summary>
internal sealed class PingHealthCheck : IHealthCheck
{
    public string Name => "ping";

    public bool IsForLiveness => true;

    public string? Problem() => null;
}
