using MiniPlane.Controllers.Views;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Jobs;

/// <summary>What the first matching rule of <c>spec.podFailurePolicy</c> says of a failed pod. Pure.</summary>
/// <param name="Action"><c>FailJob</c>, <c>FailIndex</c>, <c>Ignore</c> or <c>Count</c>, which is also meant where no rule matches.</param>
/// <param name="Message">Which rule matched, in upstream's words; empty without one.</param>
internal sealed record FailurePolicy(string Action, string Message)
{
    public const string FailJob = "FailJob";
    public const string FailIndex = "FailIndex";
    public const string Ignore = "Ignore";
    private static readonly FailurePolicy Count = new("Count", "");

    /// <summary>Only a pod that has come to the phase Failed is judged; one that is merely being deleted counts.</summary>
    public static FailurePolicy Of(Job job, ObjectDocument pod)
    {
        if (job.Spec.PodFailurePolicy is not { } policy || !pod.AsPod().IsFailed)
        {
            return Count;
        }

        for (int i = 0; i < policy.Rules.Count; i++)
        {
            PodFailureRule rule = policy.Rules[i];
            string? what = ByExitCode(rule, pod) ?? ByCondition(rule, pod);
            if (what is not null)
            {
                return new FailurePolicy(rule.Action ?? "Count", $"{what} matching {rule.Action} rule at index {i}");
            }
        }

        return Count;
    }

    private static string? ByExitCode(PodFailureRule rule, ObjectDocument pod)
    {
        if (rule.OnExitCodes is not { } required)
        {
            return null;
        }

        PodStatus status = pod.AsPod().Status;
        ContainerStatus? found = status.ContainerStatuses.Concat(status.InitContainerStatuses).FirstOrDefault(container =>
            container.State?.Terminated is { } ended
            && (required.ContainerName is null || required.ContainerName == container.Name)
            && required.Matches(ended.ExitCode));
        return found is null
            ? null
            : $"Container {found.Name} for pod {pod.Key} failed with exit code {found.State?.Terminated?.ExitCode ?? 0}";
    }

    private static string? ByCondition(PodFailureRule rule, ObjectDocument pod)
    {
        Condition? found = pod.AsPod().Status.Conditions.FirstOrDefault(condition =>
            rule.OnPodConditions.Any(pattern => pattern.Type == condition.Type && (pattern.Status ?? "True") == condition.Status));
        return found is null ? null : $"Pod {pod.Key} has condition {found.Type}";
    }
}
