using System.Globalization;
using Microsoft.Extensions.Logging;
using MiniPlane.ApiServer.Outbound;

namespace MiniPlane.ApiServer.Admission.Webhooks;

/// <summary>Asks all validating webhooks at once; the first refusal in their order is the answer.</summary>
internal sealed partial class ValidatingWebhookPlugin(
    WebhookConfigurations configurations, WebhookGate gate, WebhookClient client, ILogger<ValidatingWebhookPlugin> logger) : IAdmissionPlugin
{
    public string Name => "ValidatingAdmissionWebhook";

    public async ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        Webhook[] webhooks = configurations.Validating;
        if (webhooks.Length == 0 || WebhookGate.IsPassed(request))
        {
            return;
        }

        List<WebhookInvocation>? due = null;
        foreach (Webhook webhook in webhooks)
        {
            if (await gate.MatchAsync(webhook, request, cancellationToken) is { } invocation)
            {
                (due ??= []).Add(invocation);
            }
        }

        if (due is null)
        {
            return;
        }

        Task<WebhookAnswer?>[] calls = [.. due.Select(invocation => AskAsync(invocation, request, cancellationToken))];
        await ((Task)Task.WhenAll(calls)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        for (int index = 0; index < calls.Length; index++)
        {
            Webhook webhook = due[index].Webhook;
            if (await calls[index] is { } answer)
            {
                WebhookGate.Note(webhook, answer, request);
                if (!answer.IsAllowed)
                {
                    throw WebhookErrors.Denied(webhook.Name, answer.Result);
                }
            }
            else
            {
                request.AuditAnnotations?.TryAdd(
                    string.Create(CultureInfo.InvariantCulture, $"failed-open.validating.webhook.admission.k8s.io/round_0_index_{index}"),
                    webhook.Name);
            }
        }
    }

    /// <summary>Null: no answer came, and the policy is to go on.</summary>
    private async Task<WebhookAnswer?> AskAsync(
        WebhookInvocation invocation, AdmissionRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await client.AskAsync(invocation, request, isMutating: false, cancellationToken);
        }
        catch (OutboundException error) when (invocation.Webhook.IgnoresFailure)
        {
            LogIgnored(logger, invocation.Webhook.Name, error.Message);
            return null;
        }
        catch (OutboundException error)
        {
            throw WebhookErrors.Failed(invocation.Webhook.Name, error.Message);
        }
    }

    [LoggerMessage(3041, LogLevel.Warning, "Webhook {Webhook} failed and its policy is to go on: {Problem}")]
    private static partial void LogIgnored(ILogger logger, string webhook, string problem);
}
