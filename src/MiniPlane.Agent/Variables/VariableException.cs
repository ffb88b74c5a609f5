namespace MiniPlane.Agent.Variables;

/// <summary>A variable of a container refers to something that is not there (CreateContainerConfigError).</summary>
internal sealed class VariableException(string message) : Exception(message);
