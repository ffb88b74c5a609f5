using System.Text.Json.Nodes;

namespace MiniPlane.Agent.Views;

/// <summary>core.v1.Probe; zero stands for the default where the API has one.</summary>
internal sealed record ProbeView
{
    public ExecActionView? Exec { get; set; }

    public HttpGetView? HttpGet { get; set; }

    public TcpSocketView? TcpSocket { get; set; }

    public GrpcActionView? Grpc { get; set; }

    public int InitialDelaySeconds { get; set; }

    public int TimeoutSeconds { get; set; }

    public int PeriodSeconds { get; set; }

    public int SuccessThreshold { get; set; }

    public int FailureThreshold { get; set; }

    public long? TerminationGracePeriodSeconds { get; set; }
}

internal sealed record HandlerView
{
    public ExecActionView? Exec { get; set; }

    public HttpGetView? HttpGet { get; set; }

    public TcpSocketView? TcpSocket { get; set; }

    public SleepActionView? Sleep { get; set; }
}

internal sealed record ExecActionView
{
    public IReadOnlyList<string> Command { get; set; } = [];
}

internal sealed record HttpGetView
{
    public string Path { get; set; } = "/";

    /// <summary>A number, or the name of one of the container's ports.</summary>
    public JsonNode? Port { get; set; }

    public string Host { get; set; } = "";

    public string Scheme { get; set; } = "HTTP";

    public IReadOnlyList<HttpHeaderView> HttpHeaders { get; set; } = [];
}

internal sealed record HttpHeaderView
{
    public string Name { get; set; } = "";

    public string Value { get; set; } = "";
}

internal sealed record TcpSocketView
{
    public JsonNode? Port { get; set; }

    public string Host { get; set; } = "";
}

internal sealed record GrpcActionView
{
    public int Port { get; set; }

    public string? Service { get; set; }
}

internal sealed record SleepActionView
{
    public long Seconds { get; set; }
}
