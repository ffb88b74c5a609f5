using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tables;

/// <summary>The row of a pod: what its containers are doing in one word (pkg/printers/internalversion.printPod).</summary>
internal static class PodPrinter
{
    public static JsonArray Print(JsonObject pod, DateTimeOffset now)
    {
        var summary = PodSummary.Of(pod);
        string restarts = Cell.Number(summary.Restarts);
        if (summary.Restarts != 0 && summary.LastRestart is { } last)
        {
            restarts = $"{restarts} ({HumanDuration.Since(last, now)} ago)";
        }

        return Cell.Row(
            Cell.Name(pod),
            $"{Cell.Number(summary.Ready)}/{Cell.Number(summary.Total)}",
            summary.Status,
            restarts,
            Cell.Age(pod, now),
            Cell.OrNone(pod.Objects("status", "podIPs").FirstOrDefault().Text("ip") ?? pod.Text("status", "podIP")),
            Cell.OrNone(pod.Text("spec", "nodeName")),
            Cell.OrNone(pod.Text("status", "nominatedNodeName")),
            Gates(pod));
    }

    private static string Gates(JsonObject pod)
    {
        string[] gates = [.. pod.Objects("spec", "readinessGates").Select(gate => gate.TextOrEmpty("conditionType"))];
        if (gates.Length == 0)
        {
            return Cell.None;
        }

        int open = gates.Count(gate => pod.Objects("status", "conditions")
            .Any(condition => condition.Text("type") == gate && condition.Text("status") == "True"));
        return $"{Cell.Number(open)}/{Cell.Number(gates.Length)}";
    }
}
