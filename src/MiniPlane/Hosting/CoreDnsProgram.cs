using System.Net;
using MiniPlane.Configuration;
using MiniPlane.Dns;
using MiniPlane.Dns.CoreDns;

namespace MiniPlane.Hosting;

/// <summary>Finds CoreDNS, and says how it is to run beside this server.</summary>
internal static class CoreDnsProgram
{
    private const string Name = "coredns";

    /// <summary>The program, or null: then the server's own DNS does everything.</summary>
    /// <param name="asked"><c>auto</c>, <c>off</c>, or the program.</param>
    /// <param name="directories">Where to look for it, in this order.</param>
    public static string? Find(string asked, IEnumerable<string> directories)
    {
        switch (asked)
        {
            case "off":
                return null;
            case "auto":
                return directories.Where(directory => directory.StartsWith('/')).Select(directory => Path.Combine(directory, Name)).FirstOrDefault(File.Exists);
            default:
                string program = Path.GetFullPath(SettingValues.ExpandHome(asked));
                return File.Exists(program) ? program : throw new SettingException($"coredns: {program} does not exist; give a program, auto or off");
        }
    }

    public static CoreDnsOptions Options(string program, UpOptions options, ClusterDnsOptions dns, int apiPort)
    {
        string pki = Path.Combine(options.DataDirectory, "pki");
        bool isAny = options.BindAddress.Equals(IPAddress.Any) || options.BindAddress.Equals(IPAddress.IPv6Any);
        return new CoreDnsOptions
        {
            Program = program,
            Directory = Path.Combine(options.DataDirectory, Name),
            Zone = dns.Zone,
            Address = dns.Address,
            Port = options.DnsPort,
            Server = new IPEndPoint(isAny ? IPAddress.Loopback : options.BindAddress, apiPort).ToString(),
            ServerName = "localhost",
            Certificate = Path.Combine(pki, "admin.crt"),
            Key = Path.Combine(pki, "admin.key"),
            Authority = Path.Combine(pki, "ca.crt"),
            Upstreams = dns.Upstreams,
        };
    }

    public static IEnumerable<string> Places() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Prepend(AppContext.BaseDirectory);
}
