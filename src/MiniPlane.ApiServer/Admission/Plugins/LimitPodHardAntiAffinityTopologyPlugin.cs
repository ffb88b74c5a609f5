using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>
/// Pods may insist on being apart by node only, not by zone or the like (k8s.io/kubernetes/plugin/pkg/admission/antiaffinity).
/// </summary>
internal sealed class LimitPodHardAntiAffinityTopologyPlugin : IAdmissionPlugin
{
    private const string HostName = "kubernetes.io/hostname";

    public string Name => "LimitPodHardAntiAffinityTopology";

    public bool IsOnByDefault => false;

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (!request.Writes("", "Pod"))
        {
            return ValueTask.CompletedTask;
        }

        foreach (JsonObject term in request.Wanted().Objects("spec", "affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution"))
        {
            if (term.TextOrEmpty("topologyKey") is var key && key != HostName)
            {
                throw request.Forbidden(
                    $"affinity.PodAntiAffinity.RequiredDuringScheduling has TopologyKey {key} but only key {HostName} is allowed");
            }
        }

        return ValueTask.CompletedTask;
    }
}
