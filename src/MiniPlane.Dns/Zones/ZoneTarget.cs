using System.Collections.Immutable;
using System.Net;
using MiniPlane.Dns.Messages;
using MiniPlane.Objects.Networking;

namespace MiniPlane.Dns.Zones;

/// <summary>Where an SRV record leads.</summary>
internal sealed record ZoneTarget(DnsName Name, PortRecord Port, ImmutableArray<IPAddress> Addresses);
