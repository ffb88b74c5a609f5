using System.Globalization;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Replication;

/// <summary>
/// Which pods a ReplicaSet gives up first (upstream's ActivePodsWithRanks): unassigned, then pending, then not ready, then cheap by
/// annotation, then on crowded nodes, then ready for a shorter time, then restarted more often, then younger. Pure.
/// </summary>
internal static class DeletionOrder
{
    private const string CostAnnotation = "controller.kubernetes.io/pod-deletion-cost";

    /// <summary>
    /// The first <paramref name="count"/> of <paramref name="pods"/> to delete. <paramref name="related"/> are the pods of all
    /// ReplicaSets with the same controller; they crowd a node.
    /// </summary>
    public static IReadOnlyList<ObjectDocument> First(
        IReadOnlyList<ObjectDocument> pods, IEnumerable<ObjectDocument> related, int count, DateTimeOffset now)
    {
        if (count >= pods.Count)
        {
            return pods;
        }

        var crowd = related.Where(PodDocuments.IsActivePod)
            .CountBy(pod => pod.AsPod().Spec.NodeName ?? "", StringComparer.Ordinal)
            .ToDictionary(StringComparer.Ordinal);
        return
        [
            .. pods.OrderBy(pod => string.IsNullOrEmpty(pod.AsPod().Spec.NodeName) ? 0 : 1)
                .ThenBy(pod => PhaseRank(pod.AsPod().Status.Phase))
                .ThenBy(pod => pod.AsPod().IsReady ? 1 : 0)
                .ThenBy(Cost)
                .ThenByDescending(pod => crowd.GetValueOrDefault(pod.AsPod().Spec.NodeName ?? ""))
                .ThenBy(pod => ReadyAge(pod, now))
                .ThenByDescending(Restarts)
                .ThenBy(pod => AgeRank(pod.Metadata.CreationTimestamp, now))
                .ThenBy(pod => pod.Metadata.Uid, StringComparer.Ordinal)
                .Take(count),
        ];
    }

    private static int PhaseRank(string? phase) => phase switch
    {
        "Pending" or null or "" => 0,
        "Unknown" => 1,
        _ => 2,
    };

    private static int Cost(ObjectDocument pod) =>
        pod.Metadata.Annotations.TryGetValue(CostAnnotation, out string? text)
        && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int cost)
            ? cost
            : 0;

    private static int ReadyAge(ObjectDocument pod, DateTimeOffset now) =>
        pod.AsPod().Condition("Ready") is { IsTrue: true, LastTransitionTime: { } since } ? AgeRank(since, now) : 0;

    /// <summary>Ages are compared by order of magnitude, so that which of many old pods goes is spread over nodes.</summary>
    private static int AgeRank(DateTimeOffset since, DateTimeOffset now) =>
        now > since ? (int)Math.Log2((now - since).TotalNanoseconds) : 0;

    private static int Restarts(ObjectDocument pod) =>
        pod.AsPod().Status.ContainerStatuses.Select(status => status.RestartCount).DefaultIfEmpty().Max();
}
