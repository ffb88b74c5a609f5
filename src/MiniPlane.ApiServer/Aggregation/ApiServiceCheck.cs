using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Outbound;

namespace MiniPlane.ApiServer.Aggregation;

/// <summary>Whether an aggregated server answers, with upstream's reasons (kube-aggregator, status/remote).</summary>
/// <param name="IsAvailable">It serves its group and version.</param>
/// <param name="Reason">The condition's reason.</param>
/// <param name="Message">The condition's message.</param>
/// <param name="Resources">The APIResourceList that it answered, or null.</param>
internal sealed record ApiServiceCheck(bool IsAvailable, string Reason, string Message, JsonObject? Resources)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public static async Task<ApiServiceCheck> RunAsync(
        AggregatedApis apis, AggregatedApi api, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        string url = $"https://{api.Service.Host}:{api.Service.Port}{api.BasePath}";
        try
        {
            (int code, byte[] body) = await apis.GetAsync(api, api.BasePath, "application/json", linked.Token);
            return code == 200
                ? new ApiServiceCheck(true, "Passed", "all checks passed", JsonNode.Parse(body) as JsonObject)
                : Failed("FailedDiscoveryCheck", $"failing or missing response from {url}: bad status from {url}: {code}");
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or IOException or OutboundException or JsonException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return Explain(api, url, error);
        }
    }

    private static ApiServiceCheck Explain(AggregatedApi api, string url, Exception error)
    {
        string service = $"service/{api.Service.Name} in \"{api.Service.Namespace}\"";
        string cause = CallFailure.Cause(error);
        if (cause.StartsWith("service ", StringComparison.Ordinal))
        {
            return Failed("ServiceNotFound", $"{service} is not present");
        }

        if (cause.StartsWith("no service port", StringComparison.Ordinal))
        {
            return Failed("ServicePortError", $"{service} is not listening on port {api.Service.Port}");
        }

        return cause.StartsWith("no endpoints", StringComparison.Ordinal)
            ? Failed("MissingEndpoints", $"endpoints for {service} have no addresses")
            : Failed("FailedDiscoveryCheck", $"failing or missing response from {url}: {CallFailure.Text("Get", new Uri(url), error)}");
    }

    private static ApiServiceCheck Failed(string reason, string message) => new(false, reason, message, null);
}
