namespace MiniPlane.Dns.Messages;

/// <summary>What an OPT record says (RFC 6891); options are not used.</summary>
internal sealed record DnsEdns(ushort UdpSize, byte Version, bool WantsDnssec);
