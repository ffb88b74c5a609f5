using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Strategies;

/// <summary>A pod's quality of service class (pkg/apis/core/v1/helper/qos): only cpu and memory count.</summary>
public static class QosClass
{
    private const string Guaranteed = "Guaranteed";
    private const string Burstable = "Burstable";
    private const string BestEffort = "BestEffort";

    private static readonly string[] Resources = ["cpu", "memory"];

    /// <summary>The class that the resources in <paramref name="pod"/>'s spec amount to.</summary>
    public static string Of(JsonObject pod)
    {
        JsonObject? spec = pod.Object("spec");
        JsonObject[] holders = spec.Has("resources")
            ? [spec.Object("resources") ?? []]
            : [.. spec.Objects("containers").Concat(spec.Objects("initContainers")).Select(item => item.Object("resources") ?? [])];
        bool asksForAny = holders.Any(item => Resources.Any(name => IsSet(item, "requests", name) || IsSet(item, "limits", name)));
        if (!asksForAny)
        {
            return BestEffort;
        }

        return holders.All(IsFixed) ? Guaranteed : Burstable;
    }

    private static bool IsFixed(JsonObject resources) => Resources.All(name =>
        IsSet(resources, "limits", name)
        && (!resources.Has("requests", name) || resources.At("requests", name).Compacted() == resources.At("limits", name).Compacted()));

    private static bool IsSet(JsonObject resources, string list, string name) =>
        resources.At(list, name) is { } quantity && quantity.Compacted().AsSpan().Trim('"') is not ("0" or "");
}
