using MiniPlane.Controllers.Runtime;
using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Disruption;

/// <summary>
/// Keeps the status of every PodDisruptionBudget, from which the eviction subresource decides (upstream's disruption controller).
/// The eviction itself notes its pod in <c>status.disruptedPods</c> and takes one from <c>disruptionsAllowed</c>.
/// </summary>
internal sealed class DisruptionController(ClusterContext cluster) : IController
{
    private const string Component = "controllermanager";

    /// <summary>How long a granted eviction may take until the pod counts as staying.</summary>
    private static readonly TimeSpan EvictionLimit = TimeSpan.FromMinutes(2);

    private readonly ControllerScale _scale = new(cluster);

    private KindDefinition Kind => cluster.Kinds.PodDisruptionBudget;

    public string Name => "disruption-controller";

    public IReadOnlyList<ControllerWatch> Watches =>
    [
        ControllerWatch.Self(Kind),
        new(cluster.Kinds.Pod, change => Budgets(change.Before).Concat(Budgets(change.After)).Distinct()),
        .. _scale.Kinds.Select(kind => new ControllerWatch(kind, BudgetsOfNamespace)),
    ];

    public async Task<ReconcileResult> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        if (await cluster.Client.FindAsync(Kind, key, cancellationToken) is not { Metadata.IsBeingDeleted: false } budget)
        {
            return ReconcileResult.Done;
        }

        PodDisruptionBudget view = budget.AsBudget();
        List<ObjectDocument> pods = Selected(view, key.Namespace);
        if (pods.Count == 0)
        {
            cluster.Events.Normal(Kind, budget, "NoPods", "No matching pods found", Component);
        }

        int scale = 0;
        if (BudgetMath.NeedsScale(view.Spec))
        {
            ScaleSum sum = await _scale.SumAsync(pods, cancellationToken);
            if (sum.Problem is { } problem)
            {
                await FailAsync(budget, problem, cancellationToken);
                throw new InvalidOperationException(problem);
            }

            scale = sum.Replicas;
            if (sum.Unmanaged.Count > 0)
            {
                cluster.Events.Warning(Kind, budget, "UnmanagedPods", Unmanaged(sum.Unmanaged), Component);
            }
        }

        (Dictionary<string, DateTimeOffset> disrupted, TimeSpan? next) = Disrupted(budget, pods);
        int healthy = pods.Count(pod => !pod.Metadata.IsBeingDeleted && pod.AsPod().IsReady && !disrupted.ContainsKey(pod.Metadata.Name));
        (int expected, int desired) = BudgetMath.Of(view.Spec, pods.Count, scale);
        await WriteAsync(budget, disrupted, expected, healthy, desired, cancellationToken);
        return next is { } delay ? ReconcileResult.After(delay) : ReconcileResult.Done;
    }

    private static string Unmanaged(IEnumerable<string> pods) =>
        "Pods selected by this PodDisruptionBudget were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set \".spec.minAvailable\" field of the PDB to an integer value. Pods: "
        + string.Join(", ", pods);

    private IEnumerable<ObjectKey> Budgets(ObjectDocument? pod) => pod is null
        ? []
        : cluster.Informers.For(Kind).InNamespace(pod.Metadata.Namespace)
            .Where(budget => budget.AsBudget().Spec.Selector?.ToLabelSelector().Matches(pod.Metadata.Labels) == true)
            .Select(budget => budget.Key);

    private IEnumerable<ObjectKey> BudgetsOfNamespace(ObjectChange change) =>
        cluster.Informers.For(Kind).InNamespace(change.Current.Metadata.Namespace).Select(budget => budget.Key);

    private List<ObjectDocument> Selected(PodDisruptionBudget budget, string space)
    {
        var selector = budget.Spec.Selector?.ToLabelSelector();
        return selector is null
            ? []
            : [.. cluster.Informers.For(cluster.Kinds.Pod).InNamespace(space)
                .Where(pod => !pod.AsPod().IsTerminal && selector.Matches(pod.Metadata.Labels))];
    }

    /// <summary>Evictions that are still under way, and when to look again because one may have failed.</summary>
    private (Dictionary<string, DateTimeOffset> Disrupted, TimeSpan? Next) Disrupted(ObjectDocument budget, List<ObjectDocument> pods)
    {
        Dictionary<string, DateTimeOffset> left = new(StringComparer.Ordinal);
        TimeSpan? next = null;
        foreach ((string name, DateTimeOffset since) in
            budget.AsBudget().Status.DisruptedPods ?? new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal))
        {
            ObjectDocument? pod = pods.Find(candidate => candidate.Metadata.Name == name);
            if (pod is null || pod.Metadata.IsBeingDeleted)
            {
                continue;
            }

            TimeSpan rest = since + EvictionLimit - cluster.Now;
            if (rest <= TimeSpan.Zero)
            {
                cluster.Events.Warning(
                    cluster.Kinds.Pod, pod, "NotDeleted", $"Pod was expected by PDB {budget.Key} to be deleted but it wasn't", Component);
                continue;
            }

            left[name] = since;
            next = next is { } sooner && sooner < rest ? sooner : rest;
        }

        return (left, next);
    }

    private async Task WriteAsync(
        ObjectDocument budget,
        Dictionary<string, DateTimeOffset> disrupted,
        int expected,
        int healthy,
        int desired,
        CancellationToken cancellationToken)
    {
        int allowed = BudgetMath.Allowed(expected, healthy, desired);
        await cluster.Writer.UpdateStatusAsync(
            Kind,
            budget,
            status =>
            {
                status["currentHealthy"] = healthy;
                status["desiredHealthy"] = desired;
                status["disruptionsAllowed"] = allowed;
                status["expectedPods"] = expected;
                status["observedGeneration"] = budget.Metadata.Generation;
                status.Remove("disruptedPods");
                foreach ((string name, DateTimeOffset since) in disrupted)
                {
                    status.Ensure("disruptedPods")[name] = ApiTime.Format(since);
                }

                StatusConditions.Set(
                    status, "DisruptionAllowed", allowed > 0, allowed > 0 ? "SufficientPods" : "InsufficientPods", message: null, cluster.Now)["observedGeneration"] = budget.Metadata.Generation;
            },
            cancellationToken);
    }

    private async Task FailAsync(ObjectDocument budget, string problem, CancellationToken cancellationToken)
    {
        cluster.Events.Warning(
            Kind, budget, "CalculateExpectedPodCountFailed", $"Failed to calculate the number of expected pods: {problem}", Component);
        await cluster.Writer.UpdateStatusAsync(
            Kind,
            budget,
            status =>
            {
                // Nothing may be evicted on a guess.
                status["disruptionsAllowed"] = 0;
                status["observedGeneration"] = budget.Metadata.Generation;
                StatusConditions.Set(status, "DisruptionAllowed", value: false, "SyncFailed", problem, cluster.Now)["observedGeneration"] =
                    budget.Metadata.Generation;
            },
            cancellationToken);
    }
}
