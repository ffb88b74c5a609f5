using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace MiniPlane.ApiServer.Identity;

/// <summary>The names and addresses under which clients may reach the server.</summary>
internal sealed class SubjectAlternativeNames
{
    private readonly SortedSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<IPAddress> _addresses = [];

    /// <summary>Names of this host, all its addresses, and the service names of the API inside the cluster.</summary>
    public static SubjectAlternativeNames Collect(ApiServerOptions options)
    {
        var names = new SubjectAlternativeNames();
        names._names.UnionWith([
            "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc",
            $"kubernetes.default.svc.{options.ClusterDomain}",
        ]);
        names.AddHost(Environment.MachineName);
        names.AddHost(FullHostName());
        names.AddHost(options.AdvertiseHost);
        names._addresses.UnionWith([IPAddress.Loopback, IPAddress.IPv6Loopback]);
        foreach (NetworkInterface device in NetworkInterface.GetAllNetworkInterfaces())
        {
            foreach (UnicastIPAddressInformation address in device.GetIPProperties().UnicastAddresses)
            {
                if (!address.Address.IsIPv6LinkLocal)
                {
                    names._addresses.Add(address.Address);
                }
            }
        }

        if (!options.BindAddress.Equals(IPAddress.Any) && !options.BindAddress.Equals(IPAddress.IPv6Any))
        {
            names._addresses.Add(options.BindAddress);
        }

        return names;
    }

    public X509Extension ToExtension()
    {
        var builder = new SubjectAlternativeNameBuilder();
        foreach (string name in _names)
        {
            builder.AddDnsName(name);
        }

        foreach (IPAddress address in _addresses)
        {
            builder.AddIpAddress(address);
        }

        return builder.Build();
    }

    /// <summary>Whether a certificate is good for all of them, so that it need not be made anew.</summary>
    public bool AreAllIn(X509Certificate2 certificate)
    {
        X509SubjectAlternativeNameExtension? extension =
            certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return extension is not null
            && _names.IsSubsetOf(extension.EnumerateDnsNames())
            && _addresses.IsSubsetOf(extension.EnumerateIPAddresses());
    }

    private void AddHost(string host)
    {
        if (IPAddress.TryParse(host, out IPAddress? address))
        {
            _addresses.Add(address);
        }
        else if (Uri.CheckHostName(host) == UriHostNameType.Dns)
        {
            _names.Add(host);
        }
    }

    private static string FullHostName()
    {
        try
        {
            return Dns.GetHostEntry(Environment.MachineName).HostName;
        }
        catch (SocketException)
        {
            // A host that does not know its own name is reached by address.
            return "";
        }
    }
}
