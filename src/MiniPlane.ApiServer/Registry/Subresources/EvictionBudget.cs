using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.ApiServer.Registry.Subresources;

/// <summary>
/// The disruption budget of a pod that is to be evicted. One disruption is taken from it before the pod is deleted, so that two evictions
/// at once cannot both have the last one.
/// </summary>
internal sealed class EvictionBudget(ObjectRegistry registry, TimeProvider time)
{
    private const int Attempts = 30;
    private const int MostDisruptedPods = 2000;

    // A budget that its controller has not seen yet will be seen soon.
    private const int UnseenRetrySeconds = 10;

    /// <summary>Returns when the pod may go; TooManyRequests with the reason when not now.</summary>
    public async ValueTask SpendAsync(ObjectDocument document, bool isDryRun, CancellationToken cancellationToken)
    {
        JsonObject pod = document.ToJson();
        if (document.Metadata.IsBeingDeleted || pod.Text("status", "phase") is "Succeeded" or "Failed" or "Pending" or null)
        {
            return;
        }

        if (registry.Access.Catalogue.FindKind("policy/v1", "PodDisruptionBudget") is not { } kind)
        {
            return;
        }

        for (int attempt = 1; ; attempt++)
        {
            if (Find(kind, document) is not { } budget || AllowsUnhealthy(budget, pod))
            {
                return;
            }

            JsonObject status = Spend(budget, document.Metadata.Name);
            if (isDryRun || await TryStoreAsync(kind, budget, status, attempt, cancellationToken))
            {
                return;
            }
        }
    }

    private JsonObject? Find(KindDefinition kind, ObjectDocument pod)
    {
        JsonObject[] budgets =
        [
            .. registry.Collections.Snapshot(kind).Range(pod.Metadata.Namespace, null)
                .Select(budget => budget.ToJson())
                .Where(budget => LabelSelectorParser.FromJson(budget.At("spec", "selector")).Matches(pod.Metadata.Labels)),
        ];
        return budgets.Length > 1
            ? throw ApiErrors.Internal("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.")
            : budgets.FirstOrDefault();
    }

    // A pod that is not ready serves nobody: it may go when the policy says so, or when the others are enough.
    private static bool AllowsUnhealthy(JsonObject budget, JsonObject pod)
    {
        bool isReady = pod.Objects("status", "conditions").Any(one => one.Text("type") == "Ready" && one.Text("status") == "True");
        long desired = budget.Integer("status", "desiredHealthy") ?? 0;
        return !isReady
            && (budget.Text("spec", "unhealthyPodEvictionPolicy") == "AlwaysAllow"
                || ((budget.Integer("status", "currentHealthy") ?? 0) >= desired && desired > 0));
    }

    private JsonObject Spend(JsonObject budget, string pod)
    {
        string name = budget.TextOrEmpty("metadata", "name");
        JsonObject status = budget.Ensure("status");
        if ((status.Integer("observedGeneration") ?? 0) < (budget.Integer("metadata", "generation") ?? 0))
        {
            throw ApiErrors.DisruptionRefused($"The disruption budget {name} is still being processed by the server.", UnseenRetrySeconds);
        }

        long allowed = status.Integer("disruptionsAllowed") ?? 0;
        if (allowed < 0 || status.Object("disruptedPods") is { Count: > MostDisruptedPods })
        {
            throw ApiErrors.Forbidden(
                "policy",
                "poddisruptionbudgets",
                name,
                allowed < 0 ? "pdb disruptions allowed is negative" : "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
        }

        if (allowed == 0)
        {
            JsonObject? condition = status.Objects("conditions").FirstOrDefault(one => one.Text("type") == "DisruptionAllowed");
            throw ApiErrors.DisruptionRefused(
                condition.Text("reason") == "SyncFailed"
                    ? $"The disruption budget {name} does not allow evicting pods currently because it failed sync: {condition.Text("message")}"
                    : $"The disruption budget {name} needs {status.Integer("desiredHealthy") ?? 0} healthy pods and has {status.Integer("currentHealthy") ?? 0} currently",
                0);
        }

        status["disruptionsAllowed"] = allowed - 1;
        status.Ensure("disruptedPods")[pod] = Timestamps.Text(time.GetUtcNow());
        return budget;
    }

    private async ValueTask<bool> TryStoreAsync(
        KindDefinition kind, JsonObject budget, JsonObject changed, int attempt, CancellationToken cancellationToken)
    {
        var key = new ObjectKey(budget.TextOrEmpty("metadata", "namespace"), budget.TextOrEmpty("metadata", "name"));
        try
        {
            await registry.ReplaceAsync(kind, key, changed, "status", WriteScope.ForInternal(), cancellationToken);
            return true;
        }
        catch (ApiException error) when (error.Reason is "Conflict" or "NotFound" && attempt < Attempts)
        {
            // Another eviction or the controller was faster: look again.
            return false;
        }
    }
}
