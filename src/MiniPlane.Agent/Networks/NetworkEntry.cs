using System.Globalization;
using MiniPlane.Agent.Connection;
using MiniPlane.Agent.Runtime;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Agent.Networks;

/// <summary>
/// The way into a network of the site: this process becomes a shell that has Apptainer make the network and start the agent again, in it.
/// See docs/decisions/0011.
/// </summary>
internal sealed class NetworkEntry(AgentConfiguration configuration, AgentNetwork network, TimeProvider time)
{
    private const string NotReached = "the control plane is not reached at";

    // As Apptainer maps them for --fakeroot: root is the account, and the ids from 1 on are the account's range.
    private const string MappedRange = "root:1:65536\n";
    private static readonly TimeSpan FromInside = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FromOutside = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Away = TimeSpan.FromMinutes(15);

    private static readonly string[] SubordinateFiles = ["/etc/subuid", "/etc/subgid"];

    private static readonly string[] CapabilityNames =
    [
        "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP", "LINUX_IMMUTABLE",
        "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT",
        "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE",
        "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ",
        "PERFMON", "BPF", "CHECKPOINT_RESTORE",
    ];

    // What Apptainer sets in its containers.
    private static readonly string[] Changed =
    [
        "PATH", "HOME", "LD_LIBRARY_PATH", "PS1", "PROMPT_COMMAND", "USER_PATH",
        .. new[] { "APPTAINER", "SINGULARITY" }.SelectMany(
            prefix => new[] { "APPNAME", "BIND", "COMMAND", "CONTAINER", "ENVIRONMENT", "NAME" }.Select(name => $"{prefix}_{name}")),
    ];

    private readonly NetworkFolder _folder = new(configuration.PodDirectory);

    /// <summary>
    /// From the node's network: becomes that shell. Returns only to say why the network cannot be had, this time or, where the start says so,
    /// the time before.
    /// </summary>
    public async Task<string> EnterAsync(AgentStart start, CancellationToken cancellationToken)
    {
        if (start.HasFailed)
        {
            string said = File.Exists(_folder.Errors) ? await File.ReadAllTextAsync(_folder.Errors, cancellationToken) : "";

            // When the control plane is away from here, too, nothing speaks against the network: it is entered again when it is back.
            bool isNetwork = !said.Contains(NotReached, StringComparison.Ordinal)
                || await ControlPlaneReach.WaitAsync(configuration.Endpoints, FromOutside, time, cancellationToken)
                || !await ControlPlaneReach.WaitAsync(configuration.Endpoints, Away, time, cancellationToken);
            if (isNetwork)
            {
                return Explain(network.Name, Environment.MachineName, said);
            }
        }

        return Explain(network.Name, Environment.MachineName, Become(start));
    }

    /// <summary>From inside: whether the network leads to the control plane. The shell outside is told.</summary>
    public async Task<bool> ArriveAsync(CancellationToken cancellationToken)
    {
        if (await ControlPlaneReach.WaitAsync(configuration.Endpoints, FromInside, time, cancellationToken))
        {
            OpenLowPorts();
            await File.WriteAllTextAsync(_folder.Up, "", cancellationToken);
            return true;
        }

        await File.AppendAllTextAsync(
            _folder.Errors,
            $"ERROR: {NotReached} {string.Join(", ", configuration.Endpoints)} from address {NodeAddress.Find(configuration.Endpoints)} in it\n",
            cancellationToken);
        return false;
    }

    /// <summary>
    /// Ports below 1024 are for everyone in a pod's network, as other runtimes have it. It needs to be root here; without it the network's
    /// own configuration must say so (CNI's plug-in tuning).
    /// </summary>
    private static void OpenLowPorts()
    {
        try
        {
            File.WriteAllText("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A program that wants such a port says what it is refused.
        }
    }

    private string Become(AgentStart start)
    {
        string program = network.Apptainer.Length > 0 ? network.Apptainer : "apptainer";
        if (ApptainerTools.Resolve(program) is not { } apptainer)
        {
            return $"{program} was not found";
        }

        try
        {
            bool isRoot = Environment.IsPrivilegedProcess;
            bool isFakeroot = !isRoot && network.Name == AgentNetwork.Fakeroot;
            NetworkCommand command = new()
            {
                Apptainer = apptainer,
                Network = network,
                Folder = _folder,
                Binds = _folder.Make("/", isFakeroot ? MappedRange : ""),
                Agent = [.. OwnProgram(), "--config", Path.GetFullPath(start.ConfigurationFile)],
                HostIp = NodeAddress.Find(configuration.Endpoints),
                Environment = [.. KeptVariables()],
                Forgotten = [.. ApptainerTools.OwnVariables(Environment.GetEnvironmentVariables().Keys.Cast<string>())],
                IsRoot = isRoot,
                Capabilities = isRoot ? [.. OwnCapabilities(File.ReadAllText("/proc/self/status"))] : [],

                // A setuid Apptainer leaves no way to new privileges, newuidmap's among them, so that nested containers must not want it.
                SubordinateFiles = isRoot ? [] : [.. SubordinateFiles.Where(File.Exists)],
            };
            return ProcessReplacement.Become("/bin/sh", ["sh", "-c", command.ToScript()]);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    internal static string Explain(string network, string node, string said)
    {
        string[] lines = [.. said.Split('\n').Select(Plain).Where(line => line.Length > 0)];
        string[] worst = [.. lines.Where(line => line.StartsWith("FATAL", StringComparison.Ordinal) || line.StartsWith("ERROR", StringComparison.Ordinal))];
        string text = string.Join("; ", worst.Length > 0 ? worst : lines).Trim();
        bool isForbidden = text.Contains("network requires root", StringComparison.Ordinal) || text.Contains("not permitted", StringComparison.Ordinal);
        string advice = isForbidden ? $". {Advice(network)}" : "";
        return $"the network {network} cannot be had on {node}: {(text.Length > 0 ? text : "Apptainer ended without a word")}{advice}";
    }

    /// <summary>What the administrator must have done; it is told by <c>miniplane doctor</c>, too.</summary>
    public static string Advice(string network) => network == AgentNetwork.Fakeroot
        ? "Apptainer on the nodes must be installed setuid root, and the user have a range in /etc/subuid and /etc/subgid"
        : $"Apptainer on the nodes must be installed setuid root, with \"allow net users\" (or groups) naming the user and \"allow net networks = {network}\" in its apptainer.conf";

    internal static IEnumerable<string> OwnCapabilities(string status)
    {
        string? line = status.Split('\n').FirstOrDefault(line => line.StartsWith("CapEff:", StringComparison.Ordinal));
        ulong set = line is null ? 0 : ulong.Parse(line["CapEff:".Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return CapabilityNames.Where((_, index) => (set >> index & 1) != 0).Select(name => "CAP_" + name);
    }

    // As env(1) takes them.
    private static IEnumerable<string> KeptVariables()
    {
        (string Name, string? Value)[] variables = [.. Changed.Select(name => (name, Environment.GetEnvironmentVariable(name)))];
        return [.. variables.Where(own => own.Value is null).SelectMany(own => new[] { "-u", own.Name }), .. variables.Where(own => own.Value is not null).Select(own => $"{own.Name}={own.Value}")];
    }

    private static string[] OwnProgram()
    {
        string program = Environment.ProcessPath ?? throw new IOException("this program's own path is not known");
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, Environment.GetCommandLineArgs()[0]] : [program];
    }

    // Apptainer colours what it says.
    private static string Plain(string line)
    {
        string text = line;
        for (int at = text.IndexOf('\u001b', StringComparison.Ordinal); at >= 0; at = text.IndexOf('\u001b', StringComparison.Ordinal))
        {
            int end = text.IndexOf('m', at);
            text = end < 0 ? text[..at] : text.Remove(at, end - at + 1);
        }

        return text.Trim();
    }
}
