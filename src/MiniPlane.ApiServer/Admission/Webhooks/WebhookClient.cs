using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Outbound;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.Webhooks;

/// <summary>Asks one webhook one question, within its time limit.</summary>
internal sealed class WebhookClient(OutboundCaller caller, TimeProvider time)
{
    private const int MaxAnswerBytes = 16 << 20;

    private static readonly string[] KnownVersions = ["v1", "v1beta1"];

    /// <exception cref="OutboundException">No usable answer came; the caller's failure policy decides.</exception>
    public async Task<WebhookAnswer> AskAsync(
        WebhookInvocation invocation, AdmissionRequest request, bool isMutating, CancellationToken cancellationToken)
    {
        Webhook webhook = invocation.Webhook;
        string version = webhook.ReviewVersions.FirstOrDefault(one => KnownVersions.Contains(one, StringComparer.Ordinal))
            ?? throw new OutboundException("webhook does not accept known AdmissionReview versions (v1, v1beta1)");
        string uid = Guid.NewGuid().ToString();
        JsonObject review = AdmissionReviewWriter.Review(AdmissionReviewWriter.Request(request, invocation.Kind, uid), version);
        byte[] body = await PostAsync(webhook, review, cancellationToken);
        return AdmissionReviewReader.Read(body, version, uid, isMutating);
    }

    private async Task<byte[]> PostAsync(Webhook webhook, JsonObject review, CancellationToken cancellationToken)
    {
        CallTarget target = webhook.Target();
        string seconds = string.Create(CultureInfo.InvariantCulture, $"timeout={(long)webhook.Timeout.TotalSeconds}s");
        Uri url = target.With(seconds);
        using var limit = new CancellationTokenSource(webhook.Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var message = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(JsonBytes.Encode(review)) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        message.Headers.TryAddWithoutValidation("Accept", "application/json, */*");
        message.Headers.TryAddWithoutValidation("User-Agent", "kube-apiserver-admission");
        try
        {
            using HttpResponseMessage response = await caller.SendAsync(message, target.IsService, target.Trust, linked.Token);
            byte[] body = await BoundedBody.ReadAsync(response.Content, MaxAnswerBytes, linked.Token);
            return response.IsSuccessStatusCode
                ? body
                : throw new OutboundException($"failed to call webhook: {Text((int)response.StatusCode, body)}");
        }
        catch (Exception error) when (error is HttpRequestException or IOException or System.Net.Sockets.SocketException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new OutboundException($"failed to call webhook: {CallFailure.Text("Post", url, error)}", error);
        }
        catch (OutboundException error) when (!error.Message.StartsWith("failed to call", StringComparison.Ordinal))
        {
            throw new OutboundException($"failed to call webhook: {CallFailure.Text("Post", url, error)}", error);
        }
    }

    private static string Text(int code, byte[] body)
    {
        string text = System.Text.Encoding.UTF8.GetString(body);
        try
        {
            if (JsonNode.Parse(text) is JsonObject status && status.Text("kind") == "Status" && status.Text("message") is { Length: > 0 } message)
            {
                return message;
            }
        }
        catch (JsonException)
        {
            // A plain page, as most web servers answer errors.
        }

        return CallFailure.ForStatusCode(code, text);
    }
}
