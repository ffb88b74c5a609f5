using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Outbound;

/// <summary>
/// Where a connection of the server goes: a host or address, a port, and the pod that listens there when that is known, for a
/// dialer that reaches pods in another way than by their address.
/// </summary>
public sealed record EndpointAddress(string Host, int Port, ObjectKey? Pod)
{
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
