using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace MiniPlane.Dns.CoreDns;

/// <summary>CoreDNS's settings; pure. The cluster's names come from the API server, all others from the site's resolvers.</summary>
internal static class Corefile
{
    public const string ResolvConf = "/etc/resolv.conf";

    /// <param name="options">The server's settings.</param>
    /// <param name="port">Where it serves.</param>
    /// <param name="healthPort">Where it tells that it is well.</param>
    /// <param name="upstreams">Resolvers; null leaves it to resolv.conf, none refuses other names.</param>
    public static string Write(CoreDnsOptions options, int port, int healthPort, IReadOnlyList<IPEndPoint>? upstreams)
    {
        string forward = upstreams switch
        {
            null => $"    forward . {ResolvConf}\n",
            [] => "",
            _ => $"    forward . {string.Join(' ', upstreams.Select(Text))}\n",
        };

        // Answers of the cluster's zone live for 5 s; no cache may make them older than that for long.
        return string.Create(CultureInfo.InvariantCulture, $$"""
            # Written by MiniPlane at each start of CoreDNS.
            {{options.Zone}}:{{port}} in-addr.arpa:{{port}} ip6.arpa:{{port}} {
                bind {{options.Address}}
                errors
                cache 5
                grpc . {{options.Server}} {
                    tls {{Quote(options.Certificate)}} {{Quote(options.Key)}} {{Quote(options.Authority)}}
                    tls_servername {{options.ServerName}}
                }
            }

            .:{{port}} {
                bind {{options.Address}}
                errors
                health {{Text(new IPEndPoint(options.Address, healthPort))}}
                cache 30
            {{forward}}    reload
            }

            """);
    }

    private static string Text(IPEndPoint endPoint) => endPoint.AddressFamily == AddressFamily.InterNetworkV6
        ? string.Create(CultureInfo.InvariantCulture, $"[{endPoint.Address}]:{endPoint.Port}")
        : endPoint.ToString();

    private static string Quote(string path) => path.Any(char.IsWhiteSpace) ? $"\"{path}\"" : path;
}
