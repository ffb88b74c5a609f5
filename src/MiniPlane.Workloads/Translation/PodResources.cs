using MiniPlane.Workloads.Views;

namespace MiniPlane.Workloads.Translation;

/// <summary>
/// What a pod needs at its fullest moment: the sum of its containers and sidecars, or more if an init container needs more
/// while it runs beside the sidecars started before it (k8s.io/component-helpers, PodRequests).
/// </summary>
internal static class PodResources
{
    /// <param name="pod">The pod.</param>
    /// <param name="name">The resource.</param>
    /// <param name="byLimit">
    /// Whether the limit counts where there is one. Memory is asked for by its limit, since Slurm ends a job that takes more
    /// than it asked for, while the containers may use as much as their limits say.
    /// </param>
    public static decimal Sum(PodSpecView pod, string name, bool byLimit)
    {
        decimal running = 0, peak = 0;
        foreach (ContainerView container in pod.InitContainers)
        {
            decimal amount = Of(container.Resources, name, byLimit);
            running += container.IsSidecar ? amount : 0;
            peak = Math.Max(peak, container.IsSidecar ? running : running + amount);
        }

        running += pod.Containers.Sum(container => Of(container.Resources, name, byLimit));
        decimal whole = Math.Max(running, peak);
        decimal ofPod = pod.Resources is { } resources ? Of(resources, name, byLimit) : 0;
        return (ofPod > 0 ? ofPod : whole) + Read(pod.Overhead, name);
    }

    private static decimal Of(ResourcesView resources, string name, bool byLimit)
    {
        decimal request = Read(resources.Requests, name);
        decimal limit = Read(resources.Limits, name);
        return byLimit ? Math.Max(request, limit) : request > 0 ? request : limit;
    }

    private static decimal Read(Dictionary<string, string> amounts, string name) =>
        amounts.TryGetValue(name, out string? text) && ResourceAmount.TryParse(text, out decimal amount) && amount > 0 ? amount : 0;
}
