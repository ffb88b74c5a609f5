namespace MiniPlane.Wire.Agent;

/// <summary>The paths of the agent service's methods.</summary>
public static class AgentMethods
{
    /// <summary>rpc Connect (stream AgentMessage) returns (stream ControlMessage).</summary>
    public const string Connect = "/miniplane.agent.v1.AgentService/Connect";
}
