using System.Text.Json.Nodes;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.Workloads.Sim;

/// <summary>
/// What modelled pods use: each container what it asks for, or what the pod's annotations <c>sim.miniplane.io/cpu</c> and
/// <c>sim.miniplane.io/memory</c> say, so that autoscaling can be tried without anything running.
/// </summary>
internal sealed class SimUsage(TimeProvider time) : IPodUsage
{
    private const string Prefix = "sim.miniplane.io/";
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    public PodUsage? Find(ObjectDocument pod)
    {
        JsonObject json = pod.ToJson();
        if (json.Text("status", "phase") != "Running")
        {
            return null;
        }

        Dictionary<string, ContainerUsage> containers = new(StringComparer.Ordinal);
        foreach (JsonObject container in json.Objects("spec", "containers"))
        {
            containers[container.TextOrEmpty("name")] = new ContainerUsage(
                Amount(pod, container, "cpu").MilliValue * 1_000_000, Amount(pod, container, "memory").Value);
        }

        return new PodUsage(time.GetUtcNow(), Window, containers);
    }

    private static Quantity Amount(ObjectDocument pod, JsonObject container, string resource)
    {
        string text = pod.Metadata.Annotations.GetValueOrDefault(Prefix + resource)
            ?? container.TextOrEmpty("resources", "requests", resource);
        return Quantity.TryParse(text, out Quantity amount) ? amount : Quantity.Zero;
    }
}
