namespace MiniPlane.Agent.Runtime;

/// <summary>
/// A container could not be started. The reason is kubelet's word for it: CreateContainerConfigError, CreateContainerError or
/// RunContainerError (the container never existed), StartError (it existed, its program did not run).
/// </summary>
internal sealed class ContainerStartException(string reason, string message, Exception? inner = null) : Exception(message, inner)
{
    public string Reason { get; } = reason;
}
