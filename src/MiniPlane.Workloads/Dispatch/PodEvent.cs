namespace MiniPlane.Workloads.Dispatch;

/// <summary>Something worth telling about a pod.</summary>
internal sealed record PodEvent(string Type, string Reason, string Message)
{
    /// <summary>The container it is about (<c>spec.containers{name}</c>), or empty.</summary>
    public string FieldPath { get; init; } = "";

    public string Component { get; init; } = "miniplane-workloads";
}
