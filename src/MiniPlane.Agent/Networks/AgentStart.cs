namespace MiniPlane.Agent.Networks;

/// <summary>
/// The agent's command line. Only the first form is for others; an agent whose pod joins a network of the site starts itself by the
/// other two: inside that network, or, when there is none to be had, once more on the node's to say so.
/// </summary>
/// <param name="ConfigurationFile">agent.json.</param>
/// <param name="HostIp">Inside the network: the node's address, which cannot be seen from there. Else null.</param>
/// <param name="HasFailed">Whether the network could not be had.</param>
internal sealed record AgentStart(string ConfigurationFile, string? HostIp, bool HasFailed)
{
    public const string Usage = "usage: miniplane-agent --config FILE";

    public const string InNetwork = "--in-network";

    public const string NetworkFailed = "--network-failed";

    public static AgentStart? Parse(IReadOnlyList<string> arguments) => arguments switch
    {
        ["--config", { Length: > 0 } file] => new AgentStart(file, HostIp: null, HasFailed: false),
        ["--config", { Length: > 0 } file, InNetwork, { Length: > 0 } hostIp] => new AgentStart(file, hostIp, HasFailed: false),
        ["--config", { Length: > 0 } file, NetworkFailed] => new AgentStart(file, HostIp: null, HasFailed: true),
        _ => null,
    };
}
