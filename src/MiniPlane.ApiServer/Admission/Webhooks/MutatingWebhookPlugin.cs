using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using MiniPlane.ApiServer.Outbound;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Patches;

namespace MiniPlane.ApiServer.Admission.Webhooks;

/// <summary>
/// Calls mutating webhooks one after the other; each sees what the one before made of the object. After a change everyone else may
/// look again once, and webhooks that ask for it are called again (k8s.io/apiserver/pkg/admission/plugin/webhook/mutating).
/// </summary>
internal sealed partial class MutatingWebhookPlugin(
    WebhookConfigurations configurations, WebhookGate gate, WebhookClient client, ILogger<MutatingWebhookPlugin> logger) : IAdmissionPlugin
{
    public string Name => "MutatingAdmissionWebhook";

    public async ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        Webhook[] webhooks = configurations.Mutating;
        if (webhooks.Length == 0 || WebhookGate.IsPassed(request))
        {
            return;
        }

        Progress progress = Remembered(request);
        if (request.IsReinvocation && !request.Object.SameAs(progress.After))
        {
            progress.RequireAgain();
        }

        bool isChanged = false;
        foreach (Webhook webhook in webhooks)
        {
            if (request.IsReinvocation && !progress.IsDue(webhook))
            {
                continue;
            }

            if (await gate.MatchAsync(webhook, request, cancellationToken) is { } invocation)
            {
                bool changed = await CallAsync(invocation, request, cancellationToken);
                isChanged |= changed;
                progress.Called(webhook, changed);
            }
        }

        progress.After = request.Object?.DeepClone();
        request.WantsReinvocation |= isChanged && !request.IsReinvocation;
    }

    private async ValueTask<bool> CallAsync(
        WebhookInvocation invocation, AdmissionRequest request, CancellationToken cancellationToken)
    {
        Webhook webhook = invocation.Webhook;
        try
        {
            WebhookAnswer answer = await client.AskAsync(invocation, request, isMutating: true, cancellationToken);
            WebhookGate.Note(webhook, answer, request);
            return answer.IsAllowed
                ? Change(invocation, request, answer)
                : throw WebhookErrors.Denied(webhook.Name, answer.Result);
        }
        catch (OutboundException error) when (webhook.IgnoresFailure)
        {
            LogIgnored(logger, webhook.Name, error.Message);
            request.AuditAnnotations?.TryAdd(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"failed-open.mutation.webhook.admission.k8s.io/round_{(request.IsReinvocation ? 1 : 0)}_index_{webhook.Index}"),
                webhook.Name);
            return false;
        }
        catch (OutboundException error)
        {
            throw WebhookErrors.Failed(webhook.Name, error.Message);
        }
    }

    private static bool Change(WebhookInvocation invocation, AdmissionRequest request, WebhookAnswer answer)
    {
        bool isChanged = false;
        if (answer.Patch is { } patch)
        {
            if (WebhookObjects.View(request, request.Object, invocation.Kind) is not { } view)
            {
                throw WebhookErrors.Internal($"admission webhook \"{invocation.Webhook.Name}\" attempted to modify the object, which is not supported for this operation");
            }

            JsonNode? changed = Patched(view, patch);
            isChanged = !view.SameAs(changed);
            if (isChanged)
            {
                WebhookObjects.Absorb(
                    request, changed as JsonObject ?? throw WebhookErrors.Internal("the patched object is not an object"), invocation.Kind);
            }
        }

        string round = request.IsReinvocation ? "1" : "0";
        string key = string.Create(CultureInfo.InvariantCulture, $"mutation.webhook.admission.k8s.io/round_{round}_index_{invocation.Webhook.Index}");
        request.AuditAnnotations?.TryAdd(
            key,
            new JsonObject
            {
                ["configuration"] = invocation.Webhook.Configuration,
                ["webhook"] = invocation.Webhook.Name,
                ["mutated"] = isChanged,
            }.ToJsonString());
        return isChanged;
    }

    private static JsonNode? Patched(JsonObject view, JsonNode patch)
    {
        try
        {
            return JsonPatch.Apply(view, patch);
        }
        catch (ApiException error)
        {
            throw WebhookErrors.Internal(error.Message);
        }
    }

    private Progress Remembered(AdmissionRequest request)
    {
        if (request.Memory.TryGetValue(this, out object? known) && known is Progress progress)
        {
            return progress;
        }

        var made = new Progress();
        request.Memory[this] = made;
        return made;
    }

    [LoggerMessage(3040, LogLevel.Warning, "Webhook {Webhook} failed and its policy is to go on: {Problem}")]
    private static partial void LogIgnored(ILogger logger, string webhook, string problem);

    /// <summary>Who was called in the first round, and who has to be again (webhookReinvokeContext).</summary>
    private sealed class Progress
    {
        private readonly List<Webhook> _called = [];
        private readonly HashSet<Webhook> _due = new(ReferenceEqualityComparer.Instance);

        /// <summary>The object as this plug-in left it.</summary>
        public JsonNode? After { get; set; }

        public void Called(Webhook webhook, bool changed)
        {
            if (changed)
            {
                RequireAgain();
            }

            if (webhook.IsReinvoked)
            {
                _called.Add(webhook);
            }
        }

        public void RequireAgain()
        {
            _due.UnionWith(_called);
            _called.Clear();
        }

        public bool IsDue(Webhook webhook) => _due.Remove(webhook);
    }
}
