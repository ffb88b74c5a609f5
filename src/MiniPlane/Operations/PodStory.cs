using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Connection;
using MiniPlane.Objects.Documents;
using MiniPlane.Wire.Logs;
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

    /// <summary>The logs of its containers while there is the pod.</summary>
    public required string LogDirectory { get; init; }

    /// <summary>Where they are for a while when it is deleted.</summary>
    public required string KeptLogDirectory { get; init; }

    public required IReadOnlyList<FileInfo> Files { get; init; }

    public required IReadOnlyList<PodMoment> Moments { get; init; }

    /// <summary>The job's id, of which the pod's annotation tells when the queue does not.</summary>
    public string JobId => Job.Text("id") ?? Pod.Object("metadata", "annotations").Text(WorkloadAnnotations.JobId) ?? "";

    public static async Task<PodStory> ReadAsync(ServerConnection server, string ns, string name, CancellationToken cancellationToken)
    {
        JsonObject status = await server.GetAsync(StatusEndpoint.Path, cancellationToken);
        string dataDirectory = status.TextOrEmpty("dataDirectory");
        JsonObject pod = await server.FindAsync($"/api/v1/namespaces/{Uri.EscapeDataString(ns)}/pods/{Uri.EscapeDataString(name)}", "application/json", cancellationToken)
            ?? throw new CommandFailure($"there is no pod {name} in namespace {ns}; {Remains(dataDirectory, ns, name)}");
        string uid = pod.TextOrEmpty("metadata", "uid");
        JsonObject script = await server.SendAsync(HttpMethod.Post, ScriptEndpoint.Path, pod, cancellationToken);
        JsonObject events = await server.GetAsync(
            $"/api/v1/namespaces/{Uri.EscapeDataString(ns)}/events?fieldSelector=involvedObject.uid%3D{uid}", cancellationToken);
        JsonObject? job = status.Objects("jobs").LastOrDefault(one => one.Text("podUid") == uid);
        string directory = Path.Combine(dataDirectory, "pods", uid);
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
            LogDirectory = LogFiles.Directory(directory),
            KeptLogDirectory = LogFiles.KeptDirectory(dataDirectory, ns, name, uid),
            Files = files,
            Moments = [.. PodMoments.Of(pod, job, events.Objects("items"), files).OrderBy(moment => moment.Time)],
        };
    }

    /// <summary>What there still is of a pod that is gone.</summary>
    private static string Remains(string dataDirectory, string ns, string name) => LogFiles.FindKept(dataDirectory, ns, name) is [.., string newest]
        ? $"the logs of one that was deleted are in {newest}"
        : "`kubectl get pods -A` lists all";

    public JsonObject ToJson() => new()
    {
        ["pod"] = Pod.DeepClone(),
        ["script"] = Script,
        ["errors"] = new JsonArray([.. Errors.Select(error => (JsonNode)JsonValue.Create(error)!)]),
        ["job"] = Job?.DeepClone(),
        ["directory"] = Directory,
        ["logs"] = LogDirectory,
        ["logsAfterDeletion"] = KeptLogDirectory,
        ["files"] = new JsonArray([.. Files.Select(file => (JsonNode)new JsonObject { ["name"] = file.Name, ["bytes"] = file.Length })]),
        ["moments"] = new JsonArray([.. Moments.Select(moment => (JsonNode)new JsonObject
        {
            ["time"] = moment.Time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["source"] = moment.Source,
            ["what"] = moment.What,
        })]),
    };
}
