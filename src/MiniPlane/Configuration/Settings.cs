namespace MiniPlane.Configuration;

/// <summary>Every setting of <c>miniplane up</c>, in the order in which help shows them.</summary>
internal static class Settings
{
    public static readonly SettingDefinition DataDir = new(
        "data-dir", "DIR", "~/.miniplane", "Where the cluster lives: state, certificates, kubeconfig, logs.");

    public static readonly SettingDefinition Bind = new(
        "bind", "ADDRESS", "0.0.0.0", "Address to listen on; compute nodes must be able to reach it.");

    public static readonly SettingDefinition Port = new(
        "port", "N", "", "HTTPS port of the API server: 6443 or the next free one, remembered for the next start.");

    public static readonly SettingDefinition DnsPort = new(
        "dns-port", "N", "0", "Port of the cluster's DNS (UDP and TCP); 0 takes a free one.");

    public static readonly SettingDefinition Backend = new(
        "backend", "NAME", "auto", "Where pods run: auto, slurm, slurmrestd, local or sim. auto is slurm where Slurm answers, else local; slurmrestd is slurm by slurmrestd alone.")
    {
        Choices = ["auto", "slurm", "slurmrestd", "local", "sim"],
    };

    public static readonly SettingDefinition Slurmrestd = new(
        "slurmrestd", "ADDRESS", "", "Where slurmrestd listens, for sites that have it: unix:/path/of/socket, http://host:6820 or https://host.");

    public static readonly SettingDefinition SlurmrestdTokenFile = new(
        "slurmrestd-token-file", "FILE", "", "A file with a token for slurmrestd (scontrol token), read at each use; default: the token in SLURM_JWT.");

    public static readonly SettingDefinition Authorization = new(
        "authorization", "MODE", "RBAC", "RBAC or AlwaysAllow.")
    {
        Choices = ["RBAC", "AlwaysAllow"],
    };

    public static readonly SettingDefinition EventTtl = new(
        "event-ttl", "DURATION", "1h", "How long an Event is kept after it was last written: 90s, 30m, 1h.");

    public static readonly SettingDefinition TokenFile = new(
        "token-file", "FILE", "", "Static tokens in kube-apiserver's CSV format: token,user,uid,\"group1,group2\".");

    public static readonly SettingDefinition EnableAdmission = new(
        "enable-admission", "NAMES", "", "Admission plug-ins to switch on, comma-separated, by upstream's names; the log tells which do nothing here, and why.");

    public static readonly SettingDefinition DisableAdmission = new(
        "disable-admission", "NAMES", "", "Admission plug-ins to switch off.");

    public static readonly SettingDefinition AuditPolicyFile = new(
        "audit-policy-file", "FILE", "", "An audit.k8s.io/v1 Policy; without one there is no audit log.");

    public static readonly SettingDefinition AuditLogPath = new(
        "audit-log-path", "FILE", "", "The audit log; default: audit.log in the data directory.");

    public static readonly SettingDefinition Site = new(
        "site", "FILE", "", "The site's settings (YAML): partitions, registries, priority classes, binds.");

    public static readonly SettingDefinition Store = new(
        "store", "KIND", "sqlite", "sqlite (durable), litedb (durable; only where it was built in) or memory (gone when the process ends).")
    {
        Choices = ["sqlite", "litedb", "memory"],
    };

    public static readonly SettingDefinition PodNetwork = new(
        "pod-network", "MODE", "auto",
        "Pod addresses: node (the node's own), loopback (one per pod; all jobs on this host) or auto.")
    {
        Choices = ["auto", "node", "loopback"],
    };

    public static readonly SettingDefinition ClusterDomain = new(
        "cluster-domain", "NAME", "cluster.local", "The DNS zone of the cluster.");

    public static readonly SettingDefinition ExternalDns = new(
        "external-dns", "ADDRESS", "", "Resolver for names outside the cluster; default: this host's resolvers.");

    public static readonly SettingDefinition CoreDns = new(
        "coredns", "PROGRAM", "auto", "CoreDNS to run in front of the cluster's DNS: a program, off, or auto (beside this program or on PATH).");

    public static readonly SettingDefinition IngressPort = new(
        "ingress-port", "N", "0", "HTTP port for Ingresses, opened with the first one: a number, 0 for a free one, or off.")
    {
        Choices = ["off"],
    };

    public static readonly SettingDefinition IngressTlsPort = new(
        "ingress-tls-port", "N", "0", "HTTPS port for Ingresses; 0 takes a free one.");

    public static readonly SettingDefinition PollInterval = new(
        "poll-interval", "SECONDS", "5", "How often the queue is asked for the state of all jobs.");

    public static readonly SettingDefinition Agent = new(
        "agent", "COMMAND", "", "Command that starts the agent on a compute node; default: miniplane-agent beside this program.");

    public static readonly SettingDefinition SimNodes = new(
        "sim-nodes", "N", "100", "sim backend: nodes in the modelled cluster; 0 for none: pods stay Pending.");

    public static readonly SettingDefinition LogLevel = new(
        "log-level", "LEVEL", "information", "What goes to the log file: debug (each request too), information, warning or error.")
    {
        Choices = ["debug", "information", "warning", "error"],
    };

    public static readonly SettingDefinition LogFormat = new(
        "log-format", "FORMAT", "text", "How the log file is written: text, or json (one object a line, for programs).")
    {
        Choices = ["text", "json"],
    };

    public static readonly IReadOnlyList<SettingDefinition> All =
    [
        DataDir, Bind, Port, DnsPort, Backend, Slurmrestd, SlurmrestdTokenFile, Authorization, EventTtl, TokenFile, EnableAdmission,
        DisableAdmission, AuditPolicyFile, AuditLogPath, Site, Store, PodNetwork, ClusterDomain, ExternalDns, CoreDns, IngressPort, IngressTlsPort, PollInterval, Agent, SimNodes,
        LogLevel, LogFormat,
    ];
}
