using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Admission.Expressions;
using MiniPlane.ApiServer.Admission.Webhooks;
using MiniPlane.Cel;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Admission.Policies;

/// <summary>What both sorts of policies do before their own expressions run: match, find parameters, fill variables, check conditions.</summary>
internal sealed class PolicyRun(WebhookMatcher matcher, PolicyParams parameters, AdmissionVariables variables)
{
    // Upstream's budget for all expressions of one policy.
    private const long Budget = 10_000_000;

    /// <summary>The version of the object that a policy looks at under a binding, or null when the request is not meant.</summary>
    public KindDefinition? Match(Policy policy, PolicyBinding binding, AdmissionRequest request)
    {
        KindDefinition? kind = policy.Match?.Match(request, matcher);
        return kind is null || (binding.Match is { } narrower && narrower.Match(request, matcher) is null) ? null : kind;
    }

    /// <summary>
    /// The variables of each run that the conditions let pass, one for each parameter.
    /// </summary>
    /// <exception cref="PolicyException">Parameters or conditions cannot be evaluated.</exception>
    public IEnumerable<(Dictionary<string, object?> Variables, CelBudget Budget)> Runs(
        Policy policy, PolicyBinding binding, AdmissionRequest request, KindDefinition kind, CancellationToken cancellationToken)
    {
        JsonObject review = AdmissionReviewWriter.Request(request, kind, "");
        foreach (JsonObject? parameter in parameters.Find(policy, binding, request))
        {
            var budget = new CelBudget(Budget);
            Dictionary<string, object?> values = variables.Of(request, review);
            values["params"] = CelValue.FromJson(parameter);
            values["variables"] = new LazyVariables(policy.Variables, values, budget, cancellationToken);
            if (policy.Conditions.IsEmpty || policy.Conditions.Holds(values, budget, cancellationToken, out string? problem))
            {
                yield return (values, budget);
            }
            else if (problem is not null)
            {
                throw new PolicyException(problem);
            }
        }
    }
}
