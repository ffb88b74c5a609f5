using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Admission.Plugins;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.ApiServer.Admission.Quota;

/// <summary>Quota refusals in upstream's words.</summary>
internal static class QuotaText
{
    public static string Exceeded(
        QuotaLimits quota,
        string[] exceeded,
        IReadOnlyDictionary<string, Quantity> requested,
        IReadOnlyDictionary<string, Quantity> used) =>
        $"exceeded quota: {quota.Name}, requested: {List(exceeded, requested)}, used: {List(exceeded, used)}, limited: {List(exceeded, quota.Hard)}";

    /// <summary>
    /// Where cpu or memory is limited, every container of a new pod must say how much it takes (pods evaluator, Constraints).
    /// </summary>
    public static void RequireAmounts(AdmissionRequest request, JsonObject pod, IEnumerable<QuotaLimits> quotas)
    {
        foreach (QuotaLimits quota in quotas)
        {
            string[] missing =
            [
                .. quota.Hard.Keys.Order(StringComparer.Ordinal)
                    .Select(name => (Name: name, Containers: Without(pod, name)))
                    .Where(one => one.Containers.Length > 0)
                    .Select(one => $"{one.Name} for: {string.Join(',', one.Containers)}"),
            ];
            if (missing.Length > 0)
            {
                throw request.Forbidden($"failed quota: {quota.Name}: must specify {string.Join("; ", missing)}");
            }
        }
    }

    private static string[] Without(JsonObject pod, string quotaResource)
    {
        (string Part, string Name)? place = quotaResource switch
        {
            "cpu" or "memory" => ("requests", quotaResource),
            "requests.cpu" or "requests.memory" => ("requests", quotaResource["requests.".Length..]),
            "limits.cpu" or "limits.memory" => ("limits", quotaResource["limits.".Length..]),
            _ => null,
        };
        return place is not { } at || pod.Has("spec", "resources", at.Part, at.Name)
            ? []
            :
            [
                .. pod.Objects("spec", "containers").Concat(pod.Objects("spec", "initContainers"))
                    .Where(container => !container.Has("resources", at.Part, at.Name))
                    .Select(container => container.TextOrEmpty("name"))
                    .Order(StringComparer.Ordinal),
            ];
    }

    private static string List(string[] names, IReadOnlyDictionary<string, Quantity> amounts) =>
        string.Join(',', names.Select(name => $"{name}={amounts.GetValueOrDefault(name)}"));
}
