using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Outbound;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Aggregation;

/// <summary>The way of this process's controllers to aggregated servers; the same one that relayed requests take.</summary>
internal sealed class AggregatedGroups(AggregatedApis apis, TimeProvider time) : IAggregatedGroups
{
    private const string Namespace = "kube-system";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public IReadOnlyList<string> VersionsOf(string group) =>
        [.. apis.All.Where(api => api.Group == group).OrderByDescending(api => api.VersionPriority).Select(api => api.Version)];

    public async ValueTask<JsonObject> GetAsync(string path, string serviceAccount, CancellationToken cancellationToken)
    {
        if (path.Split('/') is not ["", "apis", var group, var version, ..] || apis.Find(group, version) is not { } api)
        {
            throw ApiErrors.NoSuchResource();
        }

        var user = new UserInfo
        {
            Name = $"system:serviceaccount:{Namespace}:{serviceAccount}",
            Groups = ["system:serviceaccounts", $"system:serviceaccounts:{Namespace}", UserInfo.AuthenticatedGroup],
        };
        using var limit = new CancellationTokenSource(Limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            (int code, byte[] body) = await apis.GetAsync(api, path, "application/json", user, linked.Token);
            return Read(code, body);
        }
        catch (Exception error) when (error is HttpRequestException or SocketException or IOException or OutboundException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw ApiErrors.ServiceUnavailable($"error trying to reach service: {CallFailure.Cause(error)}");
        }
    }

    private static JsonObject Read(int code, byte[] body)
    {
        JsonObject? json;
        try
        {
            json = JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            json = null;
        }

        if (code == 200)
        {
            return json ?? throw ApiErrors.Internal("the aggregated server answered with something else than a JSON object");
        }

        string message = json.Text("message") ?? $"the server responded with the status code {code}";
        throw new ApiException(code, json.TextOrEmpty("reason"), message);
    }
}
