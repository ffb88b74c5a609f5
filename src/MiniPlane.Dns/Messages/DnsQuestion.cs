namespace MiniPlane.Dns.Messages;

internal sealed record DnsQuestion(DnsName Name, DnsType Type, DnsClass Class);
