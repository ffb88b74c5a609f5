using MiniPlane.ApiServer.Outbound;

namespace MiniPlane.ApiServer.Admission.Webhooks;

/// <summary>What both sorts of webhooks do before and after a call: who is concerned, dry runs, warnings and audit notes.</summary>
internal sealed class WebhookGate(WebhookMatcher matcher, IEnumerable<IMatchConditions> conditions)
{
    private readonly IMatchConditions? _conditions = conditions.FirstOrDefault();

    /// <summary>
    /// Requests that webhooks never see: those for webhook configurations and policies, and the inner step of a binding, which has
    /// been admitted as a Binding.
    /// </summary>
    public static bool IsPassed(AdmissionRequest request) =>
        WebhookMatcher.IsExempt(request)
        || request is { Subresource: "binding", Operation: AdmissionOperation.Update };

    public async ValueTask<WebhookInvocation?> MatchAsync(
        Webhook webhook, AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (matcher.Match(webhook, request) is not { } invocation
            || !await HoldsAsync(invocation, request, cancellationToken))
        {
            return null;
        }

        return !request.DryRun || webhook.SupportsDryRun ? invocation : throw WebhookErrors.NoDryRun(webhook.Name);
    }

    public static void Note(Webhook webhook, WebhookAnswer answer, AdmissionRequest request)
    {
        foreach (string warning in answer.Warnings)
        {
            if (!request.Warnings.Contains(warning))
            {
                request.Warnings.Add(warning);
            }
        }

        foreach ((string key, string value) in answer.AuditAnnotations)
        {
            request.AuditAnnotations?.TryAdd($"{webhook.Name}/{key}", value);
        }
    }

    private async ValueTask<bool> HoldsAsync(
        WebhookInvocation invocation, AdmissionRequest request, CancellationToken cancellationToken)
    {
        Webhook webhook = invocation.Webhook;
        if (webhook.Conditions.Count == 0)
        {
            return true;
        }

        try
        {
            return _conditions is null
                ? throw new OutboundException("match conditions cannot be evaluated by this server")
                : await _conditions.MatchesAsync(
                    webhook, request, () => AdmissionReviewWriter.Request(request, invocation.Kind, ""), cancellationToken);
        }
        catch (OutboundException) when (webhook.IgnoresFailure)
        {
            return false;
        }
        catch (OutboundException error)
        {
            throw Objects.Errors.ApiErrors.Forbidden(
                request.Kind.Group, request.Kind.Plural, request.Key.Name, error.Message);
        }
    }
}
