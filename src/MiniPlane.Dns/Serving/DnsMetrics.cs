using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace MiniPlane.Dns.Serving;

/// <summary>What the DNS server tells of itself at <c>/metrics</c>, under names like CoreDNS's.</summary>
internal static class DnsMetrics
{
    private const int ResponseCodeOctet = 3;

    private static readonly string[] Codes = ["NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED"];
    private static readonly Meter Meter = new("MiniPlane.Dns");

    private static readonly Counter<long> Responses = Meter.CreateCounter<long>(
        "miniplane_dns_responses_total", description: "Answers of the DNS server, by response code and transport.");

    private static readonly Histogram<double> Duration = Meter.CreateHistogram<double>(
        "miniplane_dns_request_duration_seconds", "s", "How long questions took, those that were forwarded included.");

    /// <summary>Makes the instruments known before there is anything to count, so that a dashboard finds them.</summary>
    public static bool Announce() => Responses.Enabled;

    public static void Answered(byte[]? response, bool isTcp, long started)
    {
        int code = response is { Length: > ResponseCodeOctet } ? response[ResponseCodeOctet] & 0xf : -1;
        string name = code < 0 ? "NONE" : code < Codes.Length ? Codes[code] : "OTHER";
        Responses.Add(1, new KeyValuePair<string, object?>("rcode", name), new KeyValuePair<string, object?>("proto", isTcp ? "tcp" : "udp"));
        Duration.Record(Stopwatch.GetElapsedTime(started).TotalSeconds);
    }
}
