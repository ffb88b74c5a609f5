using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>Every pod tolerates a node that is not ready or not reachable for five minutes, unless it says otherwise.</summary>
internal sealed class DefaultTolerationSecondsPlugin : IAdmissionPlugin
{
    private const long Seconds = 300;

    private static readonly string[] Taints = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

    public string Name => "DefaultTolerationSeconds";

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Writes("", "Pod"))
        {
            JsonObject spec = request.Wanted().Ensure("spec");
            foreach (string taint in Taints.Where(taint => !spec.Objects("tolerations").Any(item => Tolerates(item, taint))).ToArray())
            {
                spec.EnsureArray("tolerations").Add((JsonNode)new JsonObject
                {
                    ["effect"] = "NoExecute",
                    ["key"] = taint,
                    ["operator"] = "Exists",
                    ["tolerationSeconds"] = Seconds,
                });
            }
        }

        return ValueTask.CompletedTask;
    }

    private static bool Tolerates(JsonObject toleration, string taint)
    {
        string key = toleration.TextOrEmpty("key");
        return (key.Length == 0 || key == taint) && toleration.TextOrEmpty("effect") is ("" or "NoExecute");
    }
}
