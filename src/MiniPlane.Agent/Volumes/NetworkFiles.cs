using System.Text;
using MiniPlane.Agent.Pods;
using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Volumes;

/// <summary>The pod's /etc/hosts and /etc/resolv.conf. Pure; the texts are kubelet's.</summary>
internal static class NetworkFiles
{
    private const string HostsHead =
        "# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"
        + "fe00::\tip6-localnet\nfe00::\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n";

    /// <summary>Own name, host aliases, and the cluster's names as the control plane sends them.</summary>
    public static string Hosts(PodContext context, string clusterPart)
    {
        StringBuilder text = new(HostsHead);
        string names = context.FullHostName is { } full ? $"{full}\t{context.HostName}" : context.HostName;
        text.Append(context.PodIp).Append('\t').Append(names).Append('\n');
        if (context.Pod.Spec.HostAliases.Count > 0)
        {
            text.Append("\n# Entries added by HostAliases.\n");
            foreach (HostAliasView alias in context.Pod.Spec.HostAliases)
            {
                text.Append(alias.Ip).Append('\t').AppendJoin('\t', alias.Hostnames).Append('\n');
            }
        }

        return clusterPart.Length > 0 ? text.Append("\n# Services and pods of the cluster.\n").Append(clusterPart).ToString() : text.ToString();
    }

    /// <summary>
    /// By dnsPolicy. The cluster's DNS is named only when it listens on port 53, since resolv.conf cannot name a port; the
    /// cluster's names then come by the hosts file.
    /// </summary>
    public static string Resolv(PodContext context, string hostResolv)
    {
        string[] lines = hostResolv.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        List<string> servers = [.. Values(lines, "nameserver")];
        List<string> searches = [.. Values(lines, "search").SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        List<string> options = [.. Values(lines, "options").SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        PodSpecView spec = context.Pod.Spec;
        bool wantsCluster = spec.DnsPolicy == "ClusterFirstWithHostNet" || (spec.DnsPolicy == "ClusterFirst" && !spec.HostNetwork);
        if (spec.DnsPolicy == "None")
        {
            (servers, searches, options) = ([], [], []);
        }
        else if (wantsCluster && StandardPortServer(context.DnsServer) is { } server)
        {
            servers = [server];
            string domain = context.ClusterDomain;
            searches = [$"{context.Pod.Metadata.Namespace}.svc.{domain}", $"svc.{domain}", domain, .. searches];
            options = ["ndots:5"];
        }

        if (spec.DnsConfig is { } config)
        {
            servers.AddRange(config.Nameservers);
            searches.AddRange(config.Searches);
            foreach (DnsOptionView option in config.Options)
            {
                options.RemoveAll(other => other.Split(':')[0] == option.Name);
                options.Add(option.Value is { Length: > 0 } value ? $"{option.Name}:{value}" : option.Name);
            }
        }

        StringBuilder text = new();
        string search = string.Join(' ', searches.Distinct(StringComparer.Ordinal));
        text.Append(search.Length > 0 ? $"search {search}\n" : "");
        text.AppendJoin("", servers.Distinct(StringComparer.Ordinal).Select(server => $"nameserver {server}\n"));
        return text.Append(options.Count > 0 ? $"options {string.Join(' ', options)}\n" : "").ToString();
    }

    private static IEnumerable<string> Values(string[] lines, string keyword) => lines
        .Where(line => line.StartsWith(keyword, StringComparison.Ordinal) && line.Length > keyword.Length && char.IsWhiteSpace(line[keyword.Length]))
        .Select(line => line[keyword.Length..].Trim());

    private static string? StandardPortServer(string server)
    {
        if (server.Length == 0)
        {
            return null;
        }

        return System.Net.IPAddress.TryParse(server, out _) ? server
            : server.EndsWith(":53", StringComparison.Ordinal) ? server[..^3].Trim('[', ']')
            : null;
    }
}
