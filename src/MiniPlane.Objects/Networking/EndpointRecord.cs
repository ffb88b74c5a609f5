using System.Collections.Immutable;
using System.Net;

namespace MiniPlane.Objects.Networking;

/// <summary>One endpoint of a slice. <see cref="Hostname"/> is null unless the endpoint names one.</summary>
public sealed record EndpointRecord(ImmutableArray<IPAddress> Addresses, string? Hostname, bool IsReady);
