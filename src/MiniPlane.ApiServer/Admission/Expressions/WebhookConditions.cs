using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Admission.Webhooks;
using MiniPlane.ApiServer.Outbound;
using MiniPlane.Cel;

namespace MiniPlane.ApiServer.Admission.Expressions;

/// <summary>Match conditions of webhooks; compiled once per webhook.</summary>
internal sealed class WebhookConditions(AdmissionVariables variables) : IMatchConditions
{
    // Upstream's limit for all conditions of one webhook.
    private const long Budget = 2_500_000;

    private static readonly CelEnvironment Environment = AdmissionTypes.Environment(CelType.Dyn, hasParams: false, variables: null);

    private readonly ConditionalWeakTable<Webhook, ConditionSet> _compiled = [];

    public ValueTask<bool> MatchesAsync(
        Webhook webhook, AdmissionRequest request, Func<JsonObject> review, CancellationToken cancellationToken)
    {
        ConditionSet conditions = _compiled.GetValue(
            webhook, one => ConditionSet.Compile(Environment, one.Conditions.Select(condition => (condition.Name, condition.Expression))));
        bool holds = conditions.Holds(variables.Of(request, review()), new CelBudget(Budget), cancellationToken, out string? problem);
        return problem is null ? ValueTask.FromResult(holds) : throw new OutboundException(problem);
    }
}
