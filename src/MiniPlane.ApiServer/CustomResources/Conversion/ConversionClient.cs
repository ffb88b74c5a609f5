using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Outbound;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.CustomResources.Conversion;

/// <summary>
/// Asks a conversion webhook (apiextensions-apiserver/pkg/apiserver/conversion, ConversionReview v1 and v1beta1). Only labels and annotations of the
/// metadata may come back changed.
/// </summary>
internal sealed class ConversionClient(OutboundCaller caller, TimeProvider time)
{
    private const int MostBytes = 64 << 20;
    private const int BatchSize = 500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string[] KnownVersions = ["v1", "v1beta1"];

    /// <summary>Copies of the objects in the version of <paramref name="target"/>, in the same order.</summary>
    /// <exception cref="ApiException">The webhook cannot be asked, or refuses (500).</exception>
    public async ValueTask<IReadOnlyList<JsonObject>> ConvertAsync(
        ConversionWebhook webhook, KindDefinition target, IReadOnlyList<JsonObject> objects, CancellationToken cancellationToken)
    {
        var converted = new List<JsonObject>(objects.Count);
        foreach (JsonObject[] batch in objects.Chunk(BatchSize))
        {
            try
            {
                converted.AddRange(await AskAsync(webhook, target, batch, cancellationToken));
            }
            catch (OutboundException error)
            {
                throw Failed(target, error.Message);
            }
        }

        return converted;
    }

    private static ApiException Failed(KindDefinition target, string reason) =>
        ApiErrors.Internal($"conversion webhook for {target.ApiVersion}, Kind={target.Kind} failed: {reason}");

    private async Task<JsonObject[]> AskAsync(
        ConversionWebhook webhook, KindDefinition target, JsonObject[] objects, CancellationToken cancellationToken)
    {
        string version = webhook.ReviewVersions.FirstOrDefault(one => KnownVersions.Contains(one, StringComparer.Ordinal)) ?? "v1";
        string uid = Guid.NewGuid().ToString();
        var review = new JsonObject
        {
            ["kind"] = "ConversionReview",
            ["apiVersion"] = $"apiextensions.k8s.io/{version}",
            ["request"] = new JsonObject
            {
                ["uid"] = uid,
                ["desiredAPIVersion"] = target.ApiVersion,
                ["objects"] = new JsonArray([.. objects.Select(obj => obj.DeepClone())]),
            },
        };
        JsonObject response = Read(await PostAsync(webhook, review, cancellationToken), uid);
        if (response.Text("result", "status") != "Success")
        {
            throw new OutboundException(response.Text("result", "message") is { Length: > 0 } message ? message : "webhook returned a failure without a message");
        }

        JsonObject[] converted = [.. response.Objects("convertedObjects")];
        return converted.Length == objects.Length
            ? [.. converted.Select((one, at) => Checked((JsonObject)one.DeepClone(), objects[at], target))]
            : throw new OutboundException($"webhook returned {converted.Length} objects, expected {objects.Length}");
    }

    private async Task<byte[]> PostAsync(ConversionWebhook webhook, JsonObject review, CancellationToken cancellationToken)
    {
        var target = CallTarget.From(webhook.ClientConfig);
        Uri url = target.With("timeout=30s");
        using var limit = new CancellationTokenSource(Patience, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var message = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(JsonBytes.Encode(review)) };
        message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        message.Headers.TryAddWithoutValidation("Accept", "application/json, */*");
        message.Headers.TryAddWithoutValidation("User-Agent", "kube-apiserver-conversion");
        try
        {
            using HttpResponseMessage response = await caller.SendAsync(message, target.IsService, target.Trust, linked.Token);
            byte[] body = await BoundedBody.ReadAsync(response.Content, MostBytes, linked.Token);
            return response.IsSuccessStatusCode
                ? body
                : throw new OutboundException(CallFailure.ForStatusCode((int)response.StatusCode, System.Text.Encoding.UTF8.GetString(body)));
        }
        catch (Exception error) when (error is HttpRequestException or IOException or System.Net.Sockets.SocketException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new OutboundException(CallFailure.Text("Post", url, error), error);
        }
    }

    private static JsonObject Read(byte[] body, string uid)
    {
        JsonObject? response;
        try
        {
            response = JsonNode.Parse(body).Object("response");
        }
        catch (JsonException error)
        {
            throw new OutboundException("the answer is not JSON", error);
        }

        return response is null ? throw new OutboundException("response is missing")
            : response.Text("uid") == uid ? response
            : throw new OutboundException($"expected response.uid \"{uid}\", got \"{response.TextOrEmpty("uid")}\"");
    }

    private static JsonObject Checked(JsonObject converted, JsonObject original, KindDefinition target)
    {
        if (converted.Text("apiVersion") != target.ApiVersion || converted.Text("kind") != target.Kind)
        {
            throw new OutboundException(
                $"invalid converted object: expected {target.ApiVersion}, Kind={target.Kind}, got {converted.TextOrEmpty("apiVersion")}, Kind={converted.TextOrEmpty("kind")}");
        }

        var metadata = (JsonObject)(original.Object("metadata") ?? []).DeepClone();
        foreach (string field in (ReadOnlySpan<string>)["labels", "annotations"])
        {
            metadata.SetCopy(field, converted.At("metadata", field));
        }

        converted["metadata"] = metadata;
        return converted;
    }
}
