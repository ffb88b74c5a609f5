using System.Net;
using MiniPlane.Dns.CoreDns;

namespace MiniPlane.Dns.Tests.CoreDns;

public sealed class CorefileTests
{
    private static readonly CoreDnsOptions Options = new()
    {
        Program = "coredns",
        Directory = "/data/coredns",
        Zone = "cluster.local",
        Address = IPAddress.Loopback,
        Server = "127.0.0.1:6443",
        ServerName = "localhost",
        Certificate = "/data/my pki/admin.crt",
        Key = "/data/pki/admin.key",
        Authority = "/data/pki/ca.crt",
    };

    [Fact]
    public void The_clusters_zone_comes_from_the_server_and_the_rest_from_the_resolvers()
    {
        string file = Corefile.Write(Options, 5353, 8181, [new IPEndPoint(IPAddress.Parse("192.0.2.1"), 53), new IPEndPoint(IPAddress.IPv6Loopback, 54)]);

        Assert.Equal(
            """
            # Written by MiniPlane at each start of CoreDNS.
            cluster.local:5353 in-addr.arpa:5353 ip6.arpa:5353 {
                bind 127.0.0.1
                errors
                cache 5
                grpc . 127.0.0.1:6443 {
                    tls "/data/my pki/admin.crt" /data/pki/admin.key /data/pki/ca.crt
                    tls_servername localhost
                }
            }

            .:5353 {
                bind 127.0.0.1
                errors
                health 127.0.0.1:8181
                cache 30
                forward . 192.0.2.1:53 [::1]:54
                reload
            }

            """,
            file);
    }

    [Fact]
    public void Without_resolvers_of_its_own_it_reads_the_sites()
    {
        Assert.Contains("    forward . /etc/resolv.conf\n", Corefile.Write(Options, 5353, 8181, null), StringComparison.Ordinal);
        Assert.DoesNotContain("forward", Corefile.Write(Options, 5353, 8181, []), StringComparison.Ordinal);
    }
}
