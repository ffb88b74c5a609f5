using System.Globalization;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Doctor;

/// <summary>
/// A short shell script that looks around on a compute node, and what its answers mean. It needs nothing but a POSIX shell.
/// </summary>
/// <param name="Directory">The data directory, in which the file <paramref name="Mark"/> lies.</param>
/// <param name="Mark">The file's name.</param>
/// <param name="Endpoints">host:port pairs on which this program listens.</param>
/// <param name="Apptainer">The command.</param>
internal sealed record NodeProbe(string Directory, string Mark, IReadOnlyList<string> Endpoints, string Apptainer)
{
    /// <summary>Networks of the site that pods may join.</summary>
    public IReadOnlyList<string> Networks { get; init; } = [];

    /// <summary>Apptainer's <c>--network-args</c> for them.</summary>
    public IReadOnlyList<string> NetworkArguments { get; init; } = [];

    private const int MostSkewSeconds = 60;

    // Each line is name=value; what hangs is cut off by timeout(1).
    public string Script => $$"""
        echo "host=$(hostname)"
        echo "time=$(date +%s)"
        [ -f '{{Directory}}/{{Mark}}' ] && echo shared=yes || echo shared=no
        if command -v {{Apptainer}} >/dev/null 2>&1; then echo "apptainer=$({{Apptainer}} --version 2>&1 | head -n 1)"; else echo apptainer=; fi
        if command -v unshare >/dev/null 2>&1; then
          if said=$(unshare --user --map-root-user true 2>&1); then echo userns=yes; else echo "userns=$said"; fi
        else
          echo "userns=$(cat /proc/sys/user/max_user_namespaces 2>/dev/null | sed 's/^0$/user.max_user_namespaces is 0/; s/^[1-9].*/yes/')"
        fi
        if [ -r /dev/fuse ] && [ -w /dev/fuse ]; then echo fuse=yes; else echo fuse=no; fi
        {{string.Concat(Endpoints.Select(Reach))}}
        {{string.Concat(Networks.Select(Join))}}
        """;

    /// <summary>What the answers say about nodes of a partition.</summary>
    /// <param name="output">What the script printed.</param>
    /// <param name="partition">Where it ran.</param>
    /// <param name="now">The time here.</param>
    public IReadOnlyList<Finding> Read(string output, string partition, DateTimeOffset now)
    {
        ILookup<string, string> said = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2))
            .Where(pair => pair.Length == 2).ToLookup(pair => pair[0], pair => pair[1].Trim(), StringComparer.Ordinal);
        string on = $"on {said["host"].FirstOrDefault("a node")} ({partition})";
        return [Shared(said, on), Container(said, on), Namespaces(said, on), Fuse(said, on), Reachable(said, on), Clock(said, on, now), .. Networks.Select(network => Joined(network, said, on))];
    }

    private static string Reach(string endpoint)
    {
        string[] parts = endpoint.Split(':');
        string connect = $"exec 3<>/dev/tcp/{parts[0]}/{parts[1]}";
        return $"if timeout 5 bash -c '{connect}' 2>/dev/null || timeout 5 nc -z {parts[0]} {parts[1]} 2>/dev/null; "
            + $"then echo reached={endpoint}; else echo unreached={endpoint}; fi\n";
    }

    // A container of the node's own programs, in the network, from which the control plane is looked for.
    private string Join(string network)
    {
        string arguments = string.Concat(NetworkArguments.Select(argument => $" --network-args '{argument}'"));
        string fakeroot = network == AgentNetwork.Fakeroot ? "$([ \"$(id -u)\" = 0 ] || echo --fakeroot)" : "";
        string reach = string.Join(" || ", Endpoints.Select(endpoint => $"timeout 5 bash -c \"exec 3<>/dev/tcp/{endpoint.Replace(':', '/')}\"").DefaultIfEmpty("true"));
        return $$"""
            root=$(mktemp -d); binds=
            for d in bin lib lib64 usr etc; do [ -d "/$d" ] && mkdir "$root/$d" && binds="$binds --bind /$d"; done
            mkdir "$root/proc" "$root/sys" "$root/dev"
            if said=$({{Apptainer}} -q exec {{fakeroot}} --net --network '{{network}}'{{arguments}} --no-mount home,tmp,cwd,bind-paths $binds "$root" sh -c 'echo made; {{reach}}' 2>&1 </dev/null); then echo 'network {{network}}=yes'
            else case $said in *made*) echo 'network {{network}}=unreached';; *) echo "network {{network}}=$(echo "$said" | grep -E 'FATAL|ERROR' | head -n 1)";; esac; fi
            rm -rf "${root:?}"

            """;
    }

    private static Finding Joined(string network, ILookup<string, string> said, string on)
    {
        string check = $"network {network}";
        return said[check].FirstOrDefault("") switch
        {
            "yes" => Finding.Fine(check, $"Apptainer makes it {on}, and this host is reached from it"),
            "unreached" => Finding.Broken(check, $"Apptainer makes it {on}, but this host is not reached from it", "the network needs a gateway, and masquerading or a route back (ipMasq or isGateway in its CNI configuration); or start with --bind ADDRESS of an interface that it leads to"),
            var why => Finding.Broken(check, $"Apptainer cannot make it {on}: {why}", Advice(network)),
        };
    }

    private static string Advice(string network) => network == AgentNetwork.Fakeroot
        ? "ask the administrator to install Apptainer setuid root, and for a range in /etc/subuid and /etc/subgid; or take the network out of `networks` in the site file"
        : $"ask the administrator to install Apptainer setuid root, and for `allow net users = {Environment.UserName}` and `allow net networks = {network}` in its apptainer.conf; or take the network out of `networks` in the site file";

    private Finding Shared(ILookup<string, string> said, string on) => said["shared"].Contains("yes", StringComparer.Ordinal)
        ? Finding.Fine("shared files", $"{Directory} is seen {on}")
        : Finding.Broken("shared files", $"{Directory} is not seen {on}", "choose a directory on the shared file system: miniplane up --data-dir $HOME/miniplane (or $SCRATCH/miniplane)");

    private Finding Container(ILookup<string, string> said, string on) => said["apptainer"].FirstOrDefault("") is { Length: > 0 } version
        ? Finding.Fine("apptainer", $"{version} {on}")
        : Finding.Broken(
            "apptainer", $"{Apptainer} is not found {on}", "if it is a module, name its full path in a site file (apptainer: /opt/…/bin/apptainer, given by --site); else ask the administrator to install Apptainer (unprivileged is enough)");

    private static Finding Namespaces(ILookup<string, string> said, string on) => said["userns"].FirstOrDefault("") is "yes"
        ? Finding.Fine("user namespaces", $"can be made {on}")
        : Finding.Broken(
            "user namespaces",
            $"cannot be made {on}: {said["userns"].FirstOrDefault("")}",
            "ask the administrator for `sysctl -w user.max_user_namespaces=15000` (Debian and Ubuntu also kernel.unprivileged_userns_clone=1, kernel.apparmor_restrict_unprivileged_userns=0), or for a setuid Apptainer");

    private static Finding Fuse(ILookup<string, string> said, string on) => said["fuse"].Contains("yes", StringComparer.Ordinal)
        ? Finding.Fine("fuse", $"/dev/fuse may be used {on}")
        : Finding.Weak("fuse", $"/dev/fuse may not be used {on}: images are unpacked instead of mounted, which is slower", "ask the administrator for `chmod 666 /dev/fuse` (the kernel's default)");

    private static Finding Reachable(ILookup<string, string> said, string on)
    {
        string[] reached = [.. said["reached"]];
        string[] unreached = [.. said["unreached"]];
        return reached.Length > 0
            ? Finding.Fine("reachability", $"this host is reached {on} at {string.Join(", ", reached)}")
            : Finding.Broken(
                "reachability",
                $"this host is not reached {on}; tried {string.Join(", ", unreached)}",
                "start with --bind ADDRESS of an interface that the nodes see, and with --port N when only some ports are open; or run on a node: miniplane up --in-slurm");
    }

    private static Finding Clock(ILookup<string, string> said, string on, DateTimeOffset now)
    {
        bool isKnown = long.TryParse(said["time"].FirstOrDefault(), CultureInfo.InvariantCulture, out long seconds);
        long skew = isKnown ? Math.Abs(now.ToUnixTimeSeconds() - seconds) : 0;
        return skew <= MostSkewSeconds
            ? Finding.Fine("clock", $"agrees {on}")
            : Finding.Weak("clock", string.Create(CultureInfo.InvariantCulture, $"differs by {skew} s {on}"), "certificates may be refused as not yet valid; ask the administrator to run chrony on all hosts");
    }
}
