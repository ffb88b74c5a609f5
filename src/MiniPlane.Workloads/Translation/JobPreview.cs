using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Workloads.Nodes;
using MiniPlane.Workloads.Site;
using MiniPlane.Workloads.Views;

namespace MiniPlane.Workloads.Translation;

/// <inheritdoc/>
internal sealed class JobPreview(WorkloadsOptions options, NodeRegistry registry) : IJobPreview
{
    public bool MayBeRefused(JsonObject pod) =>
        options.Site.Limits != PodLimits.None
        || (pod.Object("metadata", "annotations") is { Count: > 0 } annotations && annotations.Any(entry => PodToJob.Reads(entry.Key)));

    public string? Preview(JsonObject pod, FieldErrors errors)
    {
        PodView view = pod.Deserialize(WorkloadsJson.Default.PodView) ?? new PodView();
        string uid = view.Metadata.Uid.Length > 0 ? view.Metadata.Uid : "POD-UID";
        var placement = new JobPlacement
        {
            Partition = registry.Find(view.Spec.NodeName)?.Name ?? "",
            Directory = Path.Combine(options.PodsDirectory, uid),
            Comment = $"miniplane:{options.ClusterId}:{uid}",
            AgentCommand = options.AgentCommand,
        };
        return PodToJob.Translate(view, placement, options.Site, errors)?.Script;
    }
}
