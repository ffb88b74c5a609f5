using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer.Pods;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>pods/log: a container's output, whole or followed (registry/core/pod.LogLocation and kubelet's /containerLogs).</summary>
internal sealed class PodLogHandler(ObjectRegistry registry, IServiceProvider services) : ISubresourceHandler
{
    public bool Handles(KindDefinition kind, string subresource) => kind.IsPod() && subresource == "log";

    public async Task HandleAsync(ApiRequest request)
    {
        if (request.Info.Verb != "get")
        {
            throw ApiErrors.MethodNotAllowed();
        }

        ObjectDocument pod = registry.Access.Get(request.Kind, request.Key);
        JsonObject json = pod.ToJson();
        string container = ContainerChoice.Choose(json, request.Query("container"));
        PodLogQuery query = ReadQuery(request, container);
        IPodConnections connections = PodReadiness.RequireNode(json, services.GetService<IPodConnections>());
        if (!query.Previous)
        {
            PodReadiness.RequireStarted(json, container);
        }
        else
        {
            PodReadiness.RequirePrevious(json, container);
        }

        await SendAsync(request, connections.ReadLogAsync(pod, query, request.Cancelled), query.LimitBytes);
    }

    private static async Task SendAsync(ApiRequest request, IAsyncEnumerable<ReadOnlyMemory<byte>> log, long? limit)
    {
        HttpResponse response = request.Http.Response;
        long left = limit ?? long.MaxValue;
        await foreach (ReadOnlyMemory<byte> piece in log)
        {
            Begin(response);
            ReadOnlyMemory<byte> sent = piece.Length > left ? piece[..(int)left] : piece;
            await response.BodyWriter.WriteAsync(sent, request.Cancelled);
            left -= sent.Length;
            if (left <= 0)
            {
                return;
            }
        }

        Begin(response);
    }

    // Only once there is something to say, so that an error before the first byte is still a Status.
    private static void Begin(HttpResponse response)
    {
        if (!response.HasStarted)
        {
            response.StatusCode = 200;
            response.ContentType = "text/plain";
            response.Headers.CacheControl = "no-cache, private";
        }
    }

    private static PodLogQuery ReadQuery(ApiRequest request, string container)
    {
        var errors = new FieldErrors();
        long? tail = Number(request, "tailLines", 0, errors, "must be greater than or equal to 0");
        long? limit = Number(request, "limitBytes", 1, errors, "must be greater than 0");
        long? since = Number(request, "sinceSeconds", 1, errors, "must be greater than 0");
        DateTimeOffset? sinceTime = Time(request, "sinceTime");
        if (since is not null && sinceTime is not null)
        {
            errors.Forbidden("", "at most one of `sinceTime` or `sinceSeconds` may be specified");
        }

        if (!errors.IsEmpty)
        {
            throw ApiErrors.Invalid(request.Kind with { Kind = "PodLogOptions" }, request.Info.Name, errors.Causes);
        }

        return new PodLogQuery
        {
            Container = container,
            Follow = IsTrue(request, "follow"),
            Previous = IsTrue(request, "previous"),
            Timestamps = IsTrue(request, "timestamps"),
            TailLines = tail,
            LimitBytes = limit,
            SinceSeconds = since,
            SinceTime = sinceTime,
        };
    }

    private static bool IsTrue(ApiRequest request, string name) => request.Http.Request.Query.IsTrue(name);

    private static long? Number(ApiRequest request, string name, long least, FieldErrors errors, string problem)
    {
        string text = request.Query(name);
        if (text.Length == 0)
        {
            return null;
        }

        if (!long.TryParse(text, CultureInfo.InvariantCulture, out long number))
        {
            throw ApiErrors.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
        }

        if (number < least)
        {
            errors.Invalid(name, number, problem);
        }

        return number;
    }

    private static DateTimeOffset? Time(ApiRequest request, string name) => request.Query(name) is { Length: > 0 } text
        ? Timestamps.Parse(text) ?? throw ApiErrors.BadRequest($"parsing time \"{text}\" as RFC 3339 failed")
        : null;
}
