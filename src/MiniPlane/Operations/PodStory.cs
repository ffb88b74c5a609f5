using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Connection;
using MiniPlane.Objects.Documents;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Operations;

/// <summary>All that is known of one pod, from its spec to its files, and what happened in the order of time.</summary>
internal sealed record PodStory
{
    public required JsonObject Pod { get; init; }

    /// <summary>What sbatch gets; empty where the pod cannot become a job.</summary>
    public required string Script { get; init; }

    /// <summary>Why it cannot.</summary>
    public required IReadOnlyList<string> Errors { get; init; }

    /// <summary>The job in the queue, or null when the queue no longer, or not yet, has one.</summary>
    public required JsonObject? Job { get; init; }

    /// <summary>The pod's directory, and what is in it as far as it is seen from here.</summary>
    public required string Directory { get; init; }

    public required IReadOnlyList<FileInfo> Files { get; init; }

    public required IReadOnlyList<PodMoment> Moments { get; init; }

    /// <summary>The job's id, of which the pod's annotation tells when the queue does not.</summary>
    public string JobId => Job.Text("id") ?? Pod.Object("metadata", "annotations").Text(WorkloadAnnotations.JobId) ?? "";

    public static async Task<PodStory> ReadAsync(ServerConnection server, string ns, string name, CancellationToken cancellationToken)
    {
        JsonObject pod = await server.FindAsync($"/api/v1/namespaces/{Uri.EscapeDataString(ns)}/pods/{Uri.EscapeDataString(name)}", "application/json", cancellationToken)
            ?? throw new CommandFailure($"there is no pod {name} in namespace {ns}; `kubectl get pods -A` lists all");
        string uid = pod.TextOrEmpty("metadata", "uid");
        JsonObject status = await server.GetAsync(StatusEndpoint.Path, cancellationToken);
        JsonObject script = await server.SendAsync(HttpMethod.Post, ScriptEndpoint.Path, pod, cancellationToken);
        JsonObject events = await server.GetAsync(
            $"/api/v1/namespaces/{Uri.EscapeDataString(ns)}/events?fieldSelector=involvedObject.uid%3D{uid}", cancellationToken);
        JsonObject? job = status.Objects("jobs").LastOrDefault(one => one.Text("podUid") == uid);
        string directory = Path.Combine(status.TextOrEmpty("dataDirectory"), "pods", uid);
        FileInfo[] files = System.IO.Directory.Exists(directory)
            ? [.. new DirectoryInfo(directory).EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal)]
            : [];
        return new PodStory
        {
            Pod = pod,
            Script = script.TextOrEmpty("script"),
            Errors = [.. script.Texts("errors")],
            Job = job,
            Directory = directory,
            Files = files,
            Moments = [.. PodMoments.Of(pod, job, events.Objects("items"), files).OrderBy(moment => moment.Time)],
        };
    }

    public JsonObject ToJson() => new()
    {
        ["pod"] = Pod.DeepClone(),
        ["script"] = Script,
        ["errors"] = new JsonArray([.. Errors.Select(error => (JsonNode)JsonValue.Create(error)!)]),
        ["job"] = Job?.DeepClone(),
        ["directory"] = Directory,
        ["files"] = new JsonArray([.. Files.Select(file => (JsonNode)new JsonObject { ["name"] = file.Name, ["bytes"] = file.Length })]),
        ["moments"] = new JsonArray([.. Moments.Select(moment => (JsonNode)new JsonObject
        {
            ["time"] = moment.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["source"] = moment.Source,
            ["what"] = moment.What,
        })]),
    };
}
