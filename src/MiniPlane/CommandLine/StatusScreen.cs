using System.Globalization;
using MiniPlane.Objects.Documents;
using MiniPlane.Operations;

namespace MiniPlane.CommandLine;

/// <summary>Puts a <see cref="StatusReport"/> on one screen: what is wrong comes first.</summary>
internal static class StatusScreen
{
    private const int MostPods = 20;

    public static IReadOnlyList<Piece[]> Draw(StatusReport report, DateTimeOffset now) =>
    [
        .. Head(report, now),
        [""],
        .. Nodes(report),
        [""],
        .. Pods(report),
    ];

    private static IEnumerable<Piece[]> Head(StatusReport report, DateTimeOffset now)
    {
        string version = report.Server.TextOrEmpty("version").Split('+')[0];
        yield return
        [
            Piece.Title($"MiniPlane {version}"),
            $" at {report.Server.Text("url")} (host {report.Server.Text("host")}, process {report.Server.Integer("pid")}, "
                + $"up {Since(report.Server.Text("started"), now)})",
        ];
        yield return [Piece.Dim("  data     "), report.Server.TextOrEmpty("dataDirectory")];
        yield return [Piece.Dim("  backend  "), .. Backend(report, now)];
        yield return [Piece.Dim("  store    "), Store(report)];
        yield return
        [
            Piece.Dim("  dns      "),
            report.Server.Text("dns", "address") is { } address
                ? $"{address}, zone {report.Server.Text("dns", "zone")}"
                : Piece.Warn("does not listen (yet); see `miniplane logs`"),
        ];
    }

    private static Piece[] Backend(StatusReport report, DateTimeOffset now)
    {
        string way = report.Server.TextOrEmpty("backend", "way") is { Length: > 0 } text ? $" by {text}" : "";
        string name = $"{report.Server.Text("backend", "name")} {report.Server.Text("backend", "version")}".TrimEnd() + way;
        string trouble = report.Server.TextOrEmpty("backend", "trouble");
        string agents = $"{report.Server.Integer("backend", "agents")} agents connected";
        string? asked = report.Server.Text("backend", "askedAt");
        return trouble.Length > 0
            ? [name + ": ", Piece.Bad(trouble), $"; `miniplane doctor` says what to do"]
            : [$"{name}, {agents}, asked {(asked is null ? "never" : Since(asked, now) + " ago")}"];
    }

    private static string Store(StatusReport report)
    {
        string size = report.Server.Integer("store", "bytes") is { } bytes ? $", {Quantities.Bytes(bytes)}" : "";
        return $"{report.Server.Text("store", "kind")}, {report.Server.Integer("store", "objects")} objects at revision {report.Server.Integer("store", "revision")}{size}";
    }

    private static IEnumerable<Piece[]> Nodes(StatusReport report)
    {
        if (report.Nodes.Count == 0)
        {
            return [[Piece.Warn("No nodes yet: no partition is known. `miniplane doctor` says why.")]];
        }

        var table = new TextTable("NODE", "STATUS", "PARTITION", "CPU", "MEMORY", "GPU", "PODS", "");
        foreach (NodeLine node in report.Nodes)
        {
            Piece status = node.Status == "Ready" ? Piece.Good(node.Status) : Piece.Bad(node.Status);
            table.Add(
                node.Name, status, node.Partition, node.Cpu, node.Memory, node.Gpus, node.Pods.ToString(CultureInfo.InvariantCulture), Piece.Warn(node.Message));
        }

        return table.Lines();
    }

    private static IEnumerable<Piece[]> Pods(StatusReport report)
    {
        yield return [Piece.Title($"{report.Pods.Count} pods"), Counts(report.Pods.Select(pod => pod.Status))];
        string[] states = [.. report.Server.Objects("jobs").Select(job => job.TextOrEmpty("state"))];
        yield return [Piece.Title($"{states.Length} jobs"), Counts(states)];
        if (report.Pods.Count == 0)
        {
            yield break;
        }

        var table = new TextTable("NAMESPACE", "POD", "READY", "STATUS", "AGE", "JOB", "STATE", "NODE", "REASON");
        IEnumerable<PodLine> ordered = report.Pods.OrderByDescending(pod => pod.IsTrouble).ThenBy(pod => pod.IsOver)
            .ThenBy(pod => pod.Namespace, StringComparer.Ordinal).ThenBy(pod => pod.Name, StringComparer.Ordinal);
        foreach (PodLine pod in ordered.Take(MostPods))
        {
            Piece status = pod.IsTrouble ? Piece.Bad(pod.Status) : pod.Status == "Running" ? Piece.Good(pod.Status) : pod.Status;
            table.Add(pod.Namespace, pod.Name, pod.Ready, status, pod.Age, pod.JobId, pod.JobState, pod.Node, Piece.Dim(pod.Reason));
        }

        yield return [""];
        foreach (Piece[] line in table.Lines())
        {
            yield return line;
        }

        if (report.Pods.Count > MostPods)
        {
            yield return [Piece.Dim($"… and {report.Pods.Count - MostPods} more: kubectl get pods -A")];
        }
    }

    private static string Counts(IEnumerable<string> words)
    {
        string[] counts = [.. words.CountBy(word => word, StringComparer.Ordinal).OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Value} {count.Key}")];
        return counts.Length == 0 ? "" : ": " + string.Join(", ", counts);
    }

    private static string Since(string? time, DateTimeOffset now) =>
        DateTimeOffset.TryParse(time, CultureInfo.InvariantCulture, out DateTimeOffset then) ? Quantities.Age(now - then) : "?";
}
