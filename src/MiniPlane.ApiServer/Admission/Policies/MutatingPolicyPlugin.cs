using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Admission.Webhooks;
using MiniPlane.Cel;
using MiniPlane.Objects.Apply;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Patches;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Admission.Policies;

/// <summary>MutatingAdmissionPolicy (k8s.io/apiserver/pkg/admission/plugin/policy/mutating).</summary>
internal sealed class MutatingPolicyPlugin(IRevisionStore store, PolicyRun runs) : IAdmissionPlugin
{
    private readonly PolicySet _policies = new(
        store,
        "mutatingadmissionpolicies.admissionregistration.k8s.io",
        "mutatingadmissionpolicybindings.admissionregistration.k8s.io");

    public string Name => "MutatingAdmissionPolicy";

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Object is null || WebhookGate.IsPassed(request))
        {
            return ValueTask.CompletedTask;
        }

        foreach ((Policy policy, PolicyBinding binding) in _policies.Current())
        {
            if (runs.Match(policy, binding, request) is { } kind)
            {
                Mutate(policy, binding, request, kind, cancellationToken);
            }
        }

        return ValueTask.CompletedTask;
    }

    private void Mutate(Policy policy, PolicyBinding binding, AdmissionRequest request, KindDefinition kind, CancellationToken cancellationToken)
    {
        try
        {
            foreach ((Dictionary<string, object?> variables, CelBudget budget) in runs.Runs(policy, binding, request, kind, cancellationToken))
            {
                foreach (PolicyMutation mutation in policy.Mutations)
                {
                    JsonObject current = WebhookObjects.View(request, request.Object, kind) ?? [];
                    variables["object"] = CelValue.FromJson(current);
                    JsonObject changed = Apply(mutation, current, kind, variables, budget, cancellationToken);
                    if (!changed.SameAs(current))
                    {
                        WebhookObjects.Absorb(request, changed, kind);
                    }
                }
            }
        }
        catch (Exception error) when (error is PolicyException or CelException or CelCostException)
        {
            if (!policy.IgnoresFailure)
            {
                throw ApiErrors.Forbidden(
                    request.Kind.Group,
                    request.Kind.Plural,
                    request.Key.Name,
                    $"policy '{policy.Name}' with binding '{binding.Name}' denied request: {error.Message}");
            }
        }
    }

    private static JsonObject Apply(
        PolicyMutation mutation,
        JsonObject current,
        KindDefinition kind,
        Dictionary<string, object?> variables,
        CelBudget budget,
        CancellationToken cancellationToken)
    {
        JsonNode? result = CelValue.ToJson(mutation.Expression.Evaluate(variables, budget, cancellationToken));
        try
        {
            if (!mutation.IsApply)
            {
                return JsonPatch.Apply((JsonObject)current.DeepClone(), Operations(result)) as JsonObject
                    ?? throw new PolicyException("a JSON patch made something else than an object");
            }
        }
        catch (ApiException error)
        {
            throw new PolicyException(error.Message, error);
        }

        JsonObject configuration = result as JsonObject ?? throw new PolicyException("an apply configuration must be an object");
        return ObjectMerger.Merge(kind.Type, current, configuration);
    }

    // An operation without a value in the expression sets null, except where there is none to set.
    private static JsonArray Operations(JsonNode? result)
    {
        if (result is not JsonArray list)
        {
            throw new PolicyException("a JSON patch must be a list of JSONPatch");
        }

        foreach (JsonObject operation in list.OfType<JsonObject>())
        {
            if (operation.Text("op") is "add" or "replace" or "test" && !operation.ContainsKey("value"))
            {
                operation["value"] = null;
            }
        }

        return list;
    }
}
