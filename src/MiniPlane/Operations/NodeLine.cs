using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Operations;

/// <summary>A node as <c>status</c> shows it.</summary>
internal sealed record NodeLine(string Name, string Status, string Partition, string Cpu, string Memory, string Gpus, int Pods, string Message)
{
    public static NodeLine From(JsonObject row, IReadOnlyList<PodLine> pods)
    {
        string name = row.TextOrEmpty("object", "metadata", "name");
        JsonObject? capacity = row.Object("object", "status", "capacity");
        JsonObject? ready = row.Objects("object", "status", "conditions").FirstOrDefault(condition => condition.Text("type") == "Ready");
        string gpus = capacity?.Where(amount => amount.Key.EndsWith("/gpu", StringComparison.Ordinal)).Select(amount => amount.Value.Text()).FirstOrDefault() ?? "0";
        return new NodeLine(
            name,
            row.Array("cells")?.ElementAtOrDefault(1).Text() ?? "",
            row.Object("object", "metadata", "labels").Text("slurm.miniplane.io/partition") ?? "",
            capacity.TextOrEmpty("cpu"),
            Quantities.Readable(capacity.TextOrEmpty("memory")),
            gpus,
            pods.Count(pod => pod.Node == name && !pod.IsOver),
            ready.Text("status") == "True" ? "" : ready.TextOrEmpty("message"));
    }

    public JsonObject ToJson() => new()
    {
        ["name"] = Name,
        ["status"] = Status,
        ["partition"] = Partition,
        ["cpu"] = Cpu,
        ["memory"] = Memory,
        ["gpus"] = Gpus,
        ["pods"] = Pods,
        ["message"] = Message,
    };
}
