using System.Net;
using MiniPlane.Configuration;
using MiniPlane.Snapshots;
using MiniPlane.Workloads.Site;
using MiniPlane.Workloads.Slurm.Rest;
using Serilog.Events;

namespace MiniPlane.Hosting;

/// <summary>What <c>miniplane up</c> was asked for, checked; made from the settings' texts.</summary>
internal sealed record UpOptions
{
    public required string DataDirectory { get; init; }

    public required IPAddress BindAddress { get; init; }

    /// <summary>Null: the remembered port, else the first free one from 6443 on.</summary>
    public required int? Port { get; init; }

    public required int DnsPort { get; init; }

    public required string Backend { get; init; }

    public required RestAddress? Slurmrestd { get; init; }

    public required string? SlurmrestdTokenFile { get; init; }

    public required bool AlwaysAllow { get; init; }

    public required string? TokenFile { get; init; }

    public required TimeSpan EventTtl { get; init; }

    public required IReadOnlyList<string> EnabledAdmission { get; init; }

    public required IReadOnlyList<string> DisabledAdmission { get; init; }

    public required string? AuditPolicyFile { get; init; }

    public required string? AuditLogPath { get; init; }

    public required string? SiteFile { get; init; }

    /// <summary>The administrator's file with defaults for everyone on the host.</summary>
    public string SiteDefaultsFile { get; init; } = SettingsReader.SiteDefaultsFile;

    /// <summary>Null: in memory.</summary>
    public required StoreFormat? Store { get; init; }

    public bool KeepsStateInMemory => Store is null;

    public required string PodNetwork { get; init; }

    public required string ClusterDomain { get; init; }

    public required string? ExternalDns { get; init; }

    /// <summary><c>auto</c>, <c>off</c> or a program.</summary>
    public required string CoreDns { get; init; }

    /// <summary>Null: no Ingress is served.</summary>
    public required int? IngressPort { get; init; }

    public required int IngressTlsPort { get; init; }

    public required TimeSpan PollInterval { get; init; }

    public required string? AgentCommand { get; init; }

    public required int SimNodes { get; init; }

    public required LogEventLevel LogLevel { get; init; }

    public required bool LogsJson { get; init; }

    /// <summary>What flags and the environment said, by name: later commands do not have those.</summary>
    public IReadOnlyDictionary<string, string> Given { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What the site's files say. Throws <see cref="SettingException"/> when one of them is wrong.</summary>
    public SiteSettings Site() => SiteLayers.Read(SiteDefaultsFile, SiteFile);

    public static UpOptions From(SettingValues values) => new()
    {
        DataDirectory = values.FullPath(Settings.DataDir),
        BindAddress = values.Address(Settings.Bind),
        Port = values.TextOrNull(Settings.Port) is null ? null : values.Number(Settings.Port, 1, 65535),
        DnsPort = values.Number(Settings.DnsPort, 0, 65535),
        Backend = BackendOf(values),
        Slurmrestd = values.RestAddress(Settings.Slurmrestd),
        SlurmrestdTokenFile = values.FullPathOrNull(Settings.SlurmrestdTokenFile),
        AlwaysAllow = values.OneOf(Settings.Authorization, "RBAC", "AlwaysAllow") == "AlwaysAllow",
        TokenFile = values.FullPathOrNull(Settings.TokenFile),
        EventTtl = values.Duration(Settings.EventTtl),
        EnabledAdmission = values.Names(Settings.EnableAdmission),
        DisabledAdmission = values.Names(Settings.DisableAdmission),
        AuditPolicyFile = values.FullPathOrNull(Settings.AuditPolicyFile),
        AuditLogPath = values.FullPathOrNull(Settings.AuditLogPath),
        SiteFile = values.FullPathOrNull(Settings.Site),
        Store = values.OneOf(Settings.Store, "sqlite", "litedb", "memory") is var store and not "memory" ? StoreFormats.Find(store) : null,
        PodNetwork = values.OneOf(Settings.PodNetwork, "auto", "node", "loopback"),
        ClusterDomain = values.Text(Settings.ClusterDomain),
        ExternalDns = values.TextOrNull(Settings.ExternalDns),
        CoreDns = values.Text(Settings.CoreDns),
        IngressPort = values.Text(Settings.IngressPort) == "off" ? null : values.Number(Settings.IngressPort, 0, 65535),
        IngressTlsPort = values.Number(Settings.IngressTlsPort, 0, 65535),
        PollInterval = values.Seconds(Settings.PollInterval, 0.2, 3600),
        AgentCommand = values.TextOrNull(Settings.Agent),
        SimNodes = values.Number(Settings.SimNodes, 0, 100_000),
        LogLevel = Enum.Parse<LogEventLevel>(
            values.OneOf(Settings.LogLevel, "Debug", "Information", "Warning", "Error"), ignoreCase: true),
        LogsJson = values.OneOf(Settings.LogFormat, "text", "json") == "json",
        Given = Settings.All.Where(setting => values.SourceOf(setting)[0] is '-' or '$')
            .ToDictionary(setting => setting.Name, values.Text, StringComparer.Ordinal),
    };

    private static string BackendOf(SettingValues values)
    {
        string backend = values.OneOf(Settings.Backend, "auto", "slurm", "slurmrestd", "local", "sim");
        return backend != "slurmrestd" || values.TextOrNull(Settings.Slurmrestd) is not null
            ? backend
            : throw new SettingException($"{Settings.Backend.Name}: slurmrestd needs an address: {Settings.Slurmrestd.Flag} unix:/path/of/socket or http://host:6820");
    }
}
