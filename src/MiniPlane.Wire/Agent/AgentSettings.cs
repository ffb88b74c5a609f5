namespace MiniPlane.Wire.Agent;

/// <summary>
/// What an agent must know before it is connected. Settable, because the serializer source generator forgets the defaults of init
/// properties.
/// </summary>
public sealed record AgentSettings
{
    /// <summary>The name that the server's certificate bears, when it is not the endpoint's host.</summary>
    public string? ServerName { get; set; }

    /// <summary>The virtual node that the pod is bound to (spec.nodeName wins).</summary>
    public string? NodeName { get; set; }

    /// <summary>Whether a pod whose node has no Apptainer may run as plain processes (the local backend's case).</summary>
    public bool AllowHostRuntime { get; set; }

    /// <summary>A directory of the compute node for what must not be on the shared file system; picked by the agent if null.</summary>
    public string? LocalDirectory { get; set; }

    /// <summary>The network of the site that the pod joins; null when it has its node's.</summary>
    public AgentNetwork? Network { get; set; }

    /// <summary>How long the agent tries to deliver the last status before it leaves it in status.json.</summary>
    public int FinalReportSeconds { get; set; } = 30;
}
