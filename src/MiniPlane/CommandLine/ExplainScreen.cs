using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Operations;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.CommandLine;

/// <summary>Tells a <see cref="PodStory"/>: spec, script, job, files, then what happened in the order of time.</summary>
internal static class ExplainScreen
{
    private const int LabelWidth = 9;

    public static IReadOnlyList<Piece[]> Draw(PodStory story) =>
    [
        [Piece.Title($"Pod {story.Pod.Text("metadata", "namespace")}/{story.Pod.Text("metadata", "name")}"), $": {Summary(story)}"],
        [""],
        .. Block("SPEC", Spec(story.Pod)),
        .. Block("SCRIPT", story.Errors.Count > 0 ? story.Errors : story.Script.TrimEnd().Split('\n')),
        .. Block("JOB", [Job(story)]),
        .. Block("NODE", [Node(story)]),
        .. Block("NETWORK", [Network(story.Pod)]),
        .. Block("FILES", Files(story)),
        [""],
        .. story.Moments.Select(Moment),
        .. Next(story),
    ];

    private static string Summary(PodStory story)
    {
        string reason = story.Pod.Text("status", "reason") is { Length: > 0 } text ? $" ({text})" : "";
        return $"{story.Pod.Text("status", "phase")}{reason}";
    }

    private static IEnumerable<string> Spec(JsonObject pod)
    {
        foreach (JsonObject container in pod.Objects("spec", "initContainers").Concat(pod.Objects("spec", "containers")))
        {
            string asks = string.Join(", ", container.TextMap("resources", "requests").Concat(container.TextMap("resources", "limits"))
                .DistinctBy(amount => amount.Key, StringComparer.Ordinal).Select(amount => $"{amount.Key} {amount.Value}"));
            yield return $"{container.Text("name")}: image {container.Text("image")}{(asks.Length > 0 ? $"; asks for {asks}" : "")}";
        }

        foreach ((string key, string value) in pod.TextMap("metadata", "annotations").Where(pair => pair.Key.Contains("slurm", StringComparison.Ordinal)))
        {
            yield return $"{key}: {value.ReplaceLineEndings(" ")}";
        }
    }

    private static string Job(PodStory story)
    {
        if (story.JobId.Length == 0)
        {
            return "none yet";
        }

        if (story.Job is not { } job)
        {
            return $"{story.JobId}, no longer in the queue (`sacct -j {story.JobId}`)";
        }

        string reason = job.Text("reason") is { Length: > 0 } and not "None" ? $", {job.Text("reason")}" : "";
        return $"{story.JobId} {job.Text("state")}{reason}; partition {job.Text("partition")} (`scontrol show job {story.JobId}`)";
    }

    private static string Node(PodStory story)
    {
        string hosts = story.Job.Text("nodes") is { Length: > 0 } nodes ? $"; hosts {nodes}" : "";
        return story.Pod.Text("spec", "nodeName") is { } node ? $"{node}{hosts}" : "not yet bound to one";
    }

    private static string Network(JsonObject pod)
    {
        string name = pod.Text("metadata", "annotations", WorkloadAnnotations.PodNetwork) is { Length: > 0 } and not "host" and var own
            ? $"{own}, made by Apptainer for this pod"
            : "the node's own";
        return $"{name}; address {pod.Text("status", "podIP") ?? "not known yet"}, the node's {pod.Text("status", "hostIP") ?? "not known yet"}";
    }

    private static IEnumerable<string> Files(PodStory story) =>
    [
        story.Directory + (story.Files.Count == 0 ? " (empty, or not seen from here)" : ""),
        .. story.Files.Select(file => $"  {file.Name}, {Quantities.Bytes(file.Length)}"),
        $"logs in {story.LogDirectory}; for a while after the pod's deletion in {story.KeptLogDirectory}",
    ];

    private static IEnumerable<Piece[]> Block(string label, IEnumerable<string> lines) => lines.Select((line, at) =>
        (Piece[])[Piece.Dim((at == 0 ? label : "").PadRight(LabelWidth)), line]);

    private static Piece[] Moment(PodMoment moment) =>
    [
        Piece.Dim(moment.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss  ", CultureInfo.InvariantCulture)),
        moment.Source.PadRight(11),
        moment.IsTrouble ? Piece.Warn(moment.What) : moment.What,
    ];

    private static IEnumerable<Piece[]> Next(PodStory story)
    {
        string target = $"-n {story.Pod.Text("metadata", "namespace")} {story.Pod.Text("metadata", "name")}";
        string waiting = story.Pod.Objects("status", "containerStatuses").Concat(story.Pod.Objects("status", "initContainerStatuses"))
            .Select(container => container.TextOrEmpty("state", "waiting", "reason")).FirstOrDefault(reason => reason.Length > 0, "");
        string next = story.Errors.Count > 0 ? "mend what SCRIPT names and create the pod again"
            : waiting.Contains("Image", StringComparison.Ordinal) ? "check the image's name and its registry; private ones need imagePullSecrets, those without TLS insecureRegistries in the site file"
            : waiting == "PodNetworkFailed" ? "`miniplane doctor` tries the site's networks; the pod can have its node's by the annotation miniplane.io/pod-network: host"
            : waiting == "CrashLoopBackOff" ? $"kubectl logs {target} --previous"
            : story.Pod.Text("status", "phase") switch
            {
                "Pending" when story.Job is null => $"kubectl describe pod {target}; `miniplane doctor` if nothing starts at all",
                "Pending" => "wait for the queue, or ask for less; `squeue --me --start` tells when",
                "Failed" => $"kubectl logs {target}; the job's own output is among FILES",
                _ => $"kubectl logs {target}",
            };
        return [[""], [Piece.Dim("NEXT".PadRight(LabelWidth)), next]];
    }
}
