using System.Text.Json.Nodes;
using MiniPlane.Cel;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Admission.Policies;

/// <summary>ValidatingAdmissionPolicy (k8s.io/apiserver/pkg/admission/plugin/policy/validating).</summary>
internal sealed class ValidatingPolicyPlugin(IRevisionStore store, PolicyRun runs) : IAdmissionPlugin
{
    private readonly PolicySet _policies = new(
        store,
        "validatingadmissionpolicies.admissionregistration.k8s.io",
        "validatingadmissionpolicybindings.admissionregistration.k8s.io");

    public string Name => "ValidatingAdmissionPolicy";

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (Webhooks.WebhookGate.IsPassed(request))
        {
            return ValueTask.CompletedTask;
        }

        PolicyDecision? denial = null;
        foreach ((Policy policy, PolicyBinding binding) in _policies.Current())
        {
            if (runs.Match(policy, binding, request) is { } kind)
            {
                foreach (PolicyDecision decision in Decide(policy, binding, request, kind, cancellationToken))
                {
                    denial ??= Act(decision, binding, request);
                }
            }
        }

        return denial is null ? ValueTask.CompletedTask : throw Denied(denial, request);
    }

    private List<PolicyDecision> Decide(
        Policy policy, PolicyBinding binding, AdmissionRequest request, KindDefinition kind, CancellationToken cancellationToken)
    {
        List<PolicyDecision> decisions = [];
        try
        {
            foreach ((Dictionary<string, object?> variables, CelBudget budget) in runs.Runs(policy, binding, request, kind, cancellationToken))
            {
                foreach (PolicyValidation validation in policy.Validations)
                {
                    if (Check(policy, binding, validation, variables, budget, cancellationToken) is { } decision)
                    {
                        decisions.Add(decision);
                    }
                }

                Annotate(policy, request, variables, budget, cancellationToken);
            }
        }
        catch (PolicyException error)
        {
            if (!policy.IgnoresFailure)
            {
                decisions.Add(new PolicyDecision(policy.Name, binding.Name, $"failed to configure binding: {error.Message}", "Invalid", true));
            }
        }

        return decisions;
    }

    private static PolicyDecision? Check(
        Policy policy,
        PolicyBinding binding,
        PolicyValidation validation,
        Dictionary<string, object?> variables,
        CelBudget budget,
        CancellationToken cancellationToken)
    {
        try
        {
            return validation.Expression.Evaluate(variables, budget, cancellationToken) is true
                ? null
                : new PolicyDecision(policy.Name, binding.Name, validation.TextOf(variables, budget, cancellationToken), validation.Reason, false);
        }
        catch (Exception error) when (error is CelException or CelCostException)
        {
            return policy.IgnoresFailure
                ? null
                : new PolicyDecision(
                    policy.Name, binding.Name, $"expression '{validation.Expression.Text.Trim()}' resulted in error: {error.Message}", "Invalid", true);
        }
    }

    // Denials are kept for the answer; warnings and audit notes are given at once.
    private static PolicyDecision? Act(PolicyDecision decision, PolicyBinding binding, AdmissionRequest request)
    {
        PolicyDecision? denial = null;
        foreach (string action in decision.IsError && binding.Actions.Count == 0 ? ["Deny"] : binding.Actions)
        {
            switch (action)
            {
                case "Deny":
                    denial = decision;
                    break;
                case "Warn":
                    request.Warnings.Add($"Validation failed for ValidatingAdmissionPolicy '{decision.Policy}' with binding '{decision.Binding}': {decision.Message}");
                    break;
                case "Audit":
                    request.AuditAnnotations?.TryAdd("validation.policy.admission.k8s.io/validation_failure", AuditText(decision, binding));
                    break;
                default:
                    break;
            }
        }

        return denial;
    }

    private static string AuditText(PolicyDecision decision, PolicyBinding binding) => new JsonArray(new JsonObject
    {
        ["message"] = decision.Message,
        ["policy"] = decision.Policy,
        ["binding"] = decision.Binding,
        ["validationActions"] = new JsonArray([.. binding.Actions.Select(action => JsonValue.Create(action))]),
    }).Compacted();

    private static void Annotate(
        Policy policy, AdmissionRequest request, Dictionary<string, object?> variables, CelBudget budget, CancellationToken cancellationToken)
    {
        foreach ((string key, PolicyExpression value) in policy.Annotations)
        {
            try
            {
                if (value.Evaluate(variables, budget, cancellationToken) is string text && text.Trim().Length > 0)
                {
                    request.AuditAnnotations?.TryAdd($"{policy.Name}/{key}", text.Trim());
                }
            }
            catch (Exception error) when (error is CelException or CelCostException)
            {
                request.AuditAnnotations?.TryAdd($"{policy.Name}/{key}", $"error: {error.Message}");
            }
        }
    }

    private static ApiException Denied(PolicyDecision decision, AdmissionRequest request)
    {
        string message = $"ValidatingAdmissionPolicy '{decision.Policy}' with binding '{decision.Binding}' denied request: {decision.Message}";
        ApiException forbidden = ApiErrors.Forbidden(request.Kind.Group, request.Kind.Plural, request.Key.Name, message);
        int code = decision.Reason switch
        {
            "Unauthorized" => 401,
            "Forbidden" => 403,
            "RequestEntityTooLarge" => 413,
            _ => 422,
        };
        return new ApiException(code, decision.Reason, forbidden.Message)
        {
            Group = forbidden.Group,
            Kind = forbidden.Kind,
            Name = forbidden.Name,
            Causes = [new StatusCause("", message, "")],
        };
    }
}
