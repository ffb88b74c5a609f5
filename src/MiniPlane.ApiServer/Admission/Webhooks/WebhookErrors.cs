using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Admission.Webhooks;

/// <summary>What a client is told when a webhook refuses or cannot be asked (webhook/errors.ToStatusErr and its neighbours).</summary>
internal static class WebhookErrors
{
    /// <summary>The webhook said no: its own status, below the sentence that names it.</summary>
    public static ApiException Denied(string webhook, JsonObject? status)
    {
        string head = $"admission webhook \"{webhook}\" denied the request";
        string message = status.TextOrEmpty("message");
        string reason = status.TextOrEmpty("reason");
        string text = message.Length > 0 ? $"{head}: {message}"
            : reason.Length > 0 ? $"{head}: {reason}"
            : $"{head} without explanation";
        long code = status.Integer("code") ?? 0;
        JsonObject? details = status.Object("details");
        return new ApiException((int)(code is >= 400 and < 600 ? code : 400), reason, text)
        {
            Name = details.TextOrEmpty("name"),
            Group = details.TextOrEmpty("group"),
            Kind = details.TextOrEmpty("kind"),
            Uid = details.TextOrEmpty("uid"),
            RetryAfterSeconds = (int)Math.Clamp(details.Integer("retryAfterSeconds") ?? 0, 0, 3600),
            Causes =
            [
                .. details.Objects("causes").Select(cause => new StatusCause(
                    cause.TextOrEmpty("reason"), cause.TextOrEmpty("message"), cause.TextOrEmpty("field"))),
            ],
        };
    }

    /// <summary>The webhook could not be asked, and its policy is to fail.</summary>
    public static ApiException Failed(string webhook, string reason) => Internal(FailedText(webhook, reason));

    public static string FailedText(string webhook, string reason) => $"failed calling webhook \"{webhook}\": {reason}";

    public static ApiException Internal(string text) =>
        new(500, "InternalError", $"Internal error occurred: {text}") { Causes = [new StatusCause("", text, "")] };

    public static ApiException NoDryRun(string webhook) =>
        ApiErrors.BadRequest($"admission webhook \"{webhook}\" does not support dry run");
}
