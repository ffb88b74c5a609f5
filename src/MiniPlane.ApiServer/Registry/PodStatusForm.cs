using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Registry;

/// <summary>
/// What upstream's typed pod adds to a status when it is written: fields of conditions and containers that are always there, and
/// the lists of addresses that hold the single address (pkg/apis/core/v1/conversion.go).
/// </summary>
internal static class PodStatusForm
{
    public static void Complete(JsonObject pod)
    {
        if (pod.Object("status") is not { } status)
        {
            return;
        }

        foreach (JsonObject condition in status.Objects("conditions"))
        {
            AddNull(condition, "lastProbeTime");
            AddNull(condition, "lastTransitionTime");
        }

        foreach (string list in (string[])["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"])
        {
            foreach (JsonObject container in status.Objects(list))
            {
                CompleteContainer(container);
            }
        }

        AddList(status, "podIP", "podIPs");
        AddList(status, "hostIP", "hostIPs");
    }

    private static void CompleteContainer(JsonObject container)
    {
        container.Default("state", new JsonObject());
        container.Default("lastState", new JsonObject());
        container.Default("ready", false);
        container.Default("restartCount", 0);
        container.Default("image", "");
        container.Default("imageID", "");
    }

    private static void AddNull(JsonObject json, string name)
    {
        if (!json.ContainsKey(name))
        {
            json[name] = null;
        }
    }

    private static void AddList(JsonObject status, string one, string all)
    {
        string address = status.TextOrEmpty(one);
        string first = status.Objects(all).FirstOrDefault().TextOrEmpty("ip");
        if (address.Length > 0 && first != address)
        {
            status[all] = new JsonArray(new JsonObject { ["ip"] = address });
        }
        else if (address.Length == 0 && first.Length > 0)
        {
            status[one] = first;
        }
    }
}
