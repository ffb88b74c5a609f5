using System.Net;

namespace MiniPlane.Dns.Forwarding;

/// <summary>Finds the resolvers for names outside the cluster.</summary>
internal static class Upstreams
{
    private const int DnsPort = 53;
    private const int MaxServers = 3;

    public static IReadOnlyList<IPEndPoint> Find(ClusterDnsOptions options)
    {
        if (options.Upstreams is { } chosen)
        {
            return chosen;
        }

        IReadOnlyList<IPEndPoint> external = FromList(Environment.GetEnvironmentVariable("EXTERNAL_DNS") ?? "");
        return external.Count > 0 ? external : FromFile("/etc/resolv.conf");
    }

    /// <summary>Addresses with an optional port, separated by commas or spaces; what is none is passed over.</summary>
    public static IReadOnlyList<IPEndPoint> FromList(string list) =>
    [
        .. list.Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries).Select(Parse).OfType<IPEndPoint>().Take(MaxServers),
    ];

    /// <summary>The <c>nameserver</c> lines of resolv.conf(5), of which resolvers use three.</summary>
    public static IReadOnlyList<IPEndPoint> FromResolvConf(IEnumerable<string> lines) =>
    [
        .. lines
            .Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["nameserver", _, ..])
            .Select(words => Parse(words[1]))
            .OfType<IPEndPoint>()
            .Take(MaxServers),
    ];

    private static IReadOnlyList<IPEndPoint> FromFile(string path) => File.Exists(path) ? FromResolvConf(File.ReadLines(path)) : [];

    private static IPEndPoint? Parse(string text)
    {
        if (IPAddress.TryParse(text, out IPAddress? address))
        {
            return new IPEndPoint(address, DnsPort);
        }

        return IPEndPoint.TryParse(text, out IPEndPoint? endPoint) && endPoint.Port > 0 ? endPoint : null;
    }
}
