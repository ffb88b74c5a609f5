using System.Text.Json.Nodes;

namespace MiniPlane.ApiServer.Admission.Webhooks;

/// <summary>Evaluates match conditions; the expression language is behind this.</summary>
internal interface IMatchConditions
{
    /// <summary>
    /// True when every condition holds. An expression that cannot be evaluated is an <see cref="Outbound.OutboundException"/>, unless
    /// another one is false (k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions).
    /// </summary>
    ValueTask<bool> MatchesAsync(
        Webhook webhook, AdmissionRequest request, Func<JsonObject> review, CancellationToken cancellationToken);
}
