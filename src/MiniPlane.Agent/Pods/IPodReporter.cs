namespace MiniPlane.Agent.Pods;

/// <summary>Where the pod's news goes. Calls never wait.</summary>
internal interface IPodReporter
{
    /// <summary>The newest status; older ones that were not sent yet need not be.</summary>
    void Report(ReadOnlyMemory<byte> statusJson);

    /// <summary>An Event about the pod, or about a container of it.</summary>
    void Event(string type, string reason, string message, string fieldPath);
}
