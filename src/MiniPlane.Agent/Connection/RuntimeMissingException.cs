namespace MiniPlane.Agent.Connection;

/// <summary>This node has nothing to run the pod's containers with.</summary>
internal sealed class RuntimeMissingException(string message) : Exception(message);
