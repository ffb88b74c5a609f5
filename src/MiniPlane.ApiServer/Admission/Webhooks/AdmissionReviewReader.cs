using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Outbound;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.Webhooks;

/// <summary>Reads and checks a webhook's answer (k8s.io/apiserver/pkg/admission/plugin/webhook/request.VerifyAdmissionResponse).</summary>
internal static class AdmissionReviewReader
{
    private const string Invalid = "received invalid webhook response: ";

    /// <exception cref="OutboundException">It is no answer to that request.</exception>
    public static WebhookAnswer Read(ReadOnlySpan<byte> body, string version, string uid, bool isMutating)
    {
        JsonObject review = Parse(body);
        string apiVersion = $"admission.k8s.io/{version}";
        if (version == "v1" && (review.Text("apiVersion") != apiVersion || review.Text("kind") != "AdmissionReview"))
        {
            throw new OutboundException(
                $"{Invalid}expected webhook response of {apiVersion}, Kind=AdmissionReview, got {Given(review)}");
        }

        JsonObject response = review.Object("response") ?? throw new OutboundException("webhook response was absent");
        if (version == "v1" && response.TextOrEmpty("uid") != uid)
        {
            throw new OutboundException($"{Invalid}expected response.uid=\"{uid}\", got \"{response.TextOrEmpty("uid")}\"");
        }

        return new WebhookAnswer
        {
            IsAllowed = response.Flag("allowed") ?? false,
            Result = response.Object("status"),
            Patch = Patch(response, version, isMutating),
            Warnings = [.. response.Texts("warnings")],
            AuditAnnotations = response.TextMap("auditAnnotations"),
        };
    }

    private static JsonObject Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject
                ?? throw new OutboundException("couldn't get version/kind; json parse error: the answer is not a JSON object");
        }
        catch (JsonException error)
        {
            throw new OutboundException($"couldn't get version/kind; json parse error: {error.Message}", error);
        }
    }

    private static JsonNode? Patch(JsonObject response, string version, bool isMutating)
    {
        string patch = response.TextOrEmpty("patch");
        string type = response.TextOrEmpty("patchType");
        if (!isMutating)
        {
            return version != "v1" || (patch.Length == 0 && type.Length == 0)
                ? null
                : throw new OutboundException($"{Invalid}validating webhook may not return response.patch");
        }

        if (patch.Length == 0)
        {
            return version != "v1" || type.Length == 0
                ? null
                : throw new OutboundException($"{Invalid}webhook returned response.patchType but not response.patch");
        }

        if (version == "v1" && type.Length == 0)
        {
            throw new OutboundException($"{Invalid}webhook returned response.patch but not response.patchType");
        }

        if (type.Length > 0 && type != "JSONPatch")
        {
            throw new OutboundException($"{Invalid}webhook returned invalid response.patchType of \"{type}\"");
        }

        try
        {
            return JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(patch)));
        }
        catch (Exception error) when (error is FormatException or JsonException)
        {
            throw new OutboundException($"{Invalid}{error.Message}", error);
        }
    }

    private static string Given(JsonObject review) => $"{review.TextOrEmpty("apiVersion")}, Kind={review.TextOrEmpty("kind")}";
}
