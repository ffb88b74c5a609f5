using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Dns;
using MiniPlane.Objects.Errors;
using MiniPlane.Snapshots;
using MiniPlane.Store.Revisions;
using MiniPlane.Workloads;
using MiniPlane.Workloads.Backends;

namespace MiniPlane.Operations;

/// <summary>
/// <c>GET /miniplane/status</c>: what the server knows that no Kubernetes object tells: itself, its jobs, its DNS and its store.
/// </summary>
internal sealed class StatusEndpoint(ServerFacts facts, IRevisionStore store, IClusterDns dns, IWorkloadOverview work) : INonResourceEndpoint
{
    public const string Path = "/miniplane/status";

    public bool Matches(string path) => path == Path;

    public async Task HandleAsync(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        byte[] body = Encoding.UTF8.GetBytes(Describe().ToJsonString());
        context.Response.ContentType = "application/json";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    private JsonObject Describe() => new()
    {
        ["version"] = ProgramVersion.Text,
        ["host"] = Environment.MachineName,
        ["pid"] = Environment.ProcessId,
        ["started"] = Time(facts.Started),
        ["dataDirectory"] = facts.DataDirectory,
        ["url"] = facts.Url,
        ["backend"] = new JsonObject
        {
            ["name"] = work.Backend,
            ["version"] = work.BackendVersion,
            ["way"] = work.Way,
            ["trouble"] = work.Trouble,
            ["askedAt"] = work.AskedAt is { } asked ? Time(asked) : null,
            ["agents"] = work.ConnectedAgents,
        },
        ["dns"] = new JsonObject { ["address"] = DnsAddress(), ["zone"] = facts.Zone },
        ["store"] = Store(),
        ["jobs"] = new JsonArray([.. work.Jobs.Where(job => !job.State.IsEnded()).Select(Job)]),
    };

    private string? DnsAddress()
    {
        Task<IPEndPoint> listening = dns.WhenListeningAsync(CancellationToken.None);
#pragma warning disable VSTHRD002 // Only read when it is complete.
        return listening.IsCompletedSuccessfully ? listening.Result.ToString() : null;
#pragma warning restore VSTHRD002
    }

    private JsonObject Store()
    {
        long objects = store.Collections.Sum(collection => (long)store.Read(collection).Count);
        return new JsonObject
        {
            ["kind"] = facts.StoreFile is { } kept ? StoreFormats.OfFile(kept).Name : "memory",
            ["revision"] = store.Revision,
            ["objects"] = objects,
            ["bytes"] = facts.StoreFile is { } file && File.Exists(file) ? new FileInfo(file).Length : null,
        };
    }

    private static JsonNode Job(JobStatus job) => new JsonObject
    {
        ["id"] = job.JobId,
        ["podUid"] = job.PodUid,
        ["state"] = job.State.ToString(),
        ["reason"] = job.Reason,
        ["partition"] = job.Partition,
        ["nodes"] = job.Nodes,
        ["submitted"] = job.SubmitTime is { } submitted ? Time(submitted) : null,
        ["start"] = job.StartTime is { } start ? Time(start) : null,
        ["end"] = job.EndTime is { } end ? Time(end) : null,
    };

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
