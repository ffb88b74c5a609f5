using System.Globalization;
using System.Net;
using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Pods;

/// <summary>
/// Pods on one node's network can want the same port. Only the second one notices, by a program that ends; this says why.
/// </summary>
internal static class PortConflicts
{
    private const string Listening = "0A";

    // What C libraries, Go, Java, Python and Node say when a port is taken.
    private static readonly string[] Complaints = ["ddress already in use", "EADDRINUSE", "ddress in use"];

    /// <summary>Who holds a port of the container that it will not get: somebody listening at all addresses, or at the pod's own.</summary>
    public static IEnumerable<string> Before(ContainerView container, string podIp) => Describe(
        container,
        address => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.ToString() == podIp);

    /// <summary>After a failed run: also those that only a program which wants all addresses has trouble with.</summary>
    public static IEnumerable<string> After(ContainerView container, string lastWords) =>
        Complaints.Any(words => lastWords.Contains(words, StringComparison.Ordinal)) ? Describe(container, static _ => true) : [];

    /// <summary>The sockets that listen at a port, from the kernel's table (proc_net_tcp: addresses in host byte order, hexadecimal).</summary>
    internal static IEnumerable<(IPAddress Address, string Inode)> Listeners(string table, int port)
    {
        foreach (string line in table.Split('\n').Skip(1))
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string[] local = fields.Length > 9 ? fields[1].Split(':') : [];
            if (local.Length == 2
                && fields[3] == Listening
                && int.TryParse(local[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int number)
                && number == port)
            {
                yield return (ToAddress(local[0]), fields[9]);
            }
        }
    }

    private static IEnumerable<string> Describe(ContainerView container, Predicate<IPAddress> matters)
    {
        foreach (PortView port in container.Ports.Where(port => port.Protocol is "" or "TCP"))
        {
            (IPAddress Address, string Inode)? taken = Read("/proc/net/tcp").Concat(Read("/proc/net/tcp6"))
                .Select(found => ((IPAddress, string)?)found)
                .FirstOrDefault(found => matters(found!.Value.Item1));
            if (taken is var (address, inode))
            {
                string where = new IPEndPoint(address, port.ContainerPort).ToString();
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"Port {port.ContainerPort}/TCP of container {container.Name} is already in use on node {Environment.MachineName} ({where}{OwnerOf(inode)}); pods with the node's network share its ports");
            }

            IEnumerable<(IPAddress, string)> Read(string file) => File.Exists(file) ? Listeners(File.ReadAllText(file), port.ContainerPort) : [];
        }
    }

    private static IPAddress ToAddress(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        for (int i = 0; i < bytes.Length; i += 4)
        {
            bytes.AsSpan(i, 4).Reverse();
        }

        return new IPAddress(bytes);
    }

    /// <summary>The program that has the socket, and its pod's host name, if it is one of this account's.</summary>
    private static string OwnerOf(string inode)
    {
        string wanted = $"socket:[{inode}]";
        foreach (string process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
        {
            try
            {
                if (Directory.EnumerateFiles(Path.Combine(process, "fd")).Any(link => new FileInfo(link).LinkTarget == wanted))
                {
                    string program = File.ReadAllText(Path.Combine(process, "comm")).Trim();
                    string? host = File.ReadAllText(Path.Combine(process, "environ")).Split('\0')
                        .FirstOrDefault(pair => pair.StartsWith("HOSTNAME=", StringComparison.Ordinal));
                    return $", by {program}, process {Path.GetFileName(process)}{(host is null ? "" : $" of {host["HOSTNAME=".Length..]}")}";
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Somebody else's, or gone by now.
            }
        }

        return "";
    }
}
