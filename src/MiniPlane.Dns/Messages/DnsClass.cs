namespace MiniPlane.Dns.Messages;

/// <summary>Classes of records and questions.</summary>
internal enum DnsClass : ushort
{
    Internet = 1,
    Any = 255,
}
