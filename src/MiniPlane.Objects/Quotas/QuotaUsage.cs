using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.Objects.Quotas;

/// <summary>
/// How much of each quota resource one object uses (k8s.io/kubernetes/pkg/quota/v1/evaluator). Pure; shared by admission, which refuses
/// what would be too much, and the controller that keeps <c>status.used</c>.
/// </summary>
public static class QuotaUsage
{
    /// <summary>Where <c>ServiceStrategy</c> remembers the type of a service that was made headless.</summary>
    private const string OriginalServiceType = "miniplane.io/original-service-type";

    private const string ByClass = ".storageclass.storage.k8s.io/";
    private const string ByDeviceClass = ".deviceclass.resource.k8s.io/devices";
    private const string Claims = "resourceclaims.resource.k8s.io";
    private const string Count = "count/";

    /// <summary>What a request for all devices of a class may be given at most (resource.k8s.io's AllocationResultsMaxSize).</summary>
    private const long MostDevices = 32;

    private static readonly string[] Counted =
        ["configmaps", "persistentvolumeclaims", "pods", "replicationcontrollers", "resourcequotas", "secrets", "services"];

    /// <summary>Everything that the object uses, under every name that a quota may give it.</summary>
    public static IReadOnlyDictionary<string, Quantity> Of(KindDefinition kind, JsonObject json, DateTimeOffset now)
    {
        string resource = kind.Group.Length == 0 ? kind.Plural : $"{kind.Plural}.{kind.Group}";
        Dictionary<string, Quantity> used = new(StringComparer.Ordinal) { [Count + resource] = One };
        switch (resource)
        {
            case "pods":
                AddPod(used, json, now);
                break;
            case "services":
                AddService(used, json);
                break;
            case "persistentvolumeclaims":
                AddClaim(used, json);
                break;
            case Claims:
                AddDevices(used, json);
                break;
            default:
                if (Counted.Contains(resource, StringComparer.Ordinal))
                {
                    used[resource] = One;
                }

                break;
        }

        return used;
    }

    /// <summary>The resource (<c>pods</c>, <c>jobs.batch</c>) whose objects a quota resource is counted on; null for a name nobody counts.</summary>
    public static string? ResourceOf(string quotaResource)
    {
        if (quotaResource.StartsWith(Count, StringComparison.Ordinal))
        {
            return quotaResource[Count.Length..];
        }

        if (quotaResource is "services.nodeports" or "services.loadbalancers")
        {
            return "services";
        }

        if (quotaResource == "requests.storage" || quotaResource.Contains(ByClass, StringComparison.Ordinal))
        {
            return "persistentvolumeclaims";
        }

        if (quotaResource.EndsWith(ByDeviceClass, StringComparison.Ordinal))
        {
            return Claims;
        }

        if (Counted.Contains(quotaResource, StringComparer.Ordinal))
        {
            return quotaResource;
        }

        return quotaResource is "cpu" or "memory" or "ephemeral-storage"
            || quotaResource.StartsWith("requests.", StringComparison.Ordinal)
            || quotaResource.StartsWith("limits.", StringComparison.Ordinal)
            || quotaResource.StartsWith("hugepages-", StringComparison.Ordinal)
                ? "pods"
                : null;
    }

    private static Quantity One => Quantity.FromValue(1);

    private static void AddPod(Dictionary<string, Quantity> used, JsonObject pod, DateTimeOffset now)
    {
        if (!IsCharged(pod, now))
        {
            return;
        }

        used["pods"] = One;
        foreach ((string name, Quantity amount) in PodTotals.Requests(pod["spec"]))
        {
            if (IsStandard(name))
            {
                used[name] = amount;
            }

            used["requests." + name] = amount;
        }

        foreach ((string name, Quantity amount) in PodTotals.Limits(pod["spec"]))
        {
            if (name is "cpu" or "memory" or "ephemeral-storage")
            {
                used["limits." + name] = amount;
            }
        }
    }

    private static bool IsStandard(string name) =>
        name is "cpu" or "memory" or "ephemeral-storage" || name.StartsWith("hugepages-", StringComparison.Ordinal);

    /// <summary>A pod that has ended, or should long have been gone, is not charged for.</summary>
    private static bool IsCharged(JsonObject pod, DateTimeOffset now)
    {
        if (pod.Text("status", "phase") is "Succeeded" or "Failed")
        {
            return false;
        }

        return pod.Text("metadata", "deletionTimestamp") is not { } text
            || pod.Integer("metadata", "deletionGracePeriodSeconds") is null
            || !DateTimeOffset.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out DateTimeOffset gone)
            || now <= gone;
    }

    private static void AddService(Dictionary<string, Quantity> used, JsonObject service)
    {
        used["services"] = One;
        string type = service.Text("metadata", "annotations", OriginalServiceType) ?? service.TextOrEmpty("spec", "type");
        int ports = service.Objects("spec", "ports").Count();
        switch (type)
        {
            case "NodePort":
                used["services.nodeports"] = Quantity.FromValue(ports);
                break;
            case "LoadBalancer":
                used["services.loadbalancers"] = One;
                used["services.nodeports"] =
                    Quantity.FromValue(service.Flag("spec", "allocateLoadBalancerNodePorts") == false ? 0 : ports);
                break;
            default:
                break;
        }
    }

    private static void AddClaim(Dictionary<string, Quantity> used, JsonObject claim)
    {
        string? storageClass = claim.Text("metadata", "annotations", "volume.beta.kubernetes.io/storage-class")
            ?? claim.Text("spec", "storageClassName");
        used["persistentvolumeclaims"] = One;
        bool hasSize = Quantity.TryParse(claim.TextOrEmpty("spec", "resources", "requests", "storage"), out Quantity size);
        if (Quantity.TryParse(claim.TextOrEmpty("status", "allocatedResources", "storage"), out Quantity allocated))
        {
            size = hasSize ? Quantity.Max(size, allocated) : allocated;
            hasSize = true;
        }

        if (hasSize)
        {
            used["requests.storage"] = size;
        }

        if (!string.IsNullOrEmpty(storageClass))
        {
            used[storageClass + ByClass + "persistentvolumeclaims"] = One;
            if (hasSize)
            {
                used[storageClass + ByClass + "requests.storage"] = size;
            }
        }
    }

    // Of alternatives only one is allocated: each class is charged for the most that it may come to.
    private static void AddDevices(Dictionary<string, Quantity> used, JsonObject claim)
    {
        Dictionary<string, long> totals = new(StringComparer.Ordinal);
        foreach (JsonObject request in claim.Objects("spec", "devices", "requests"))
        {
            IEnumerable<JsonObject> wanted = request.Object("exactly") is { } exactly ? [exactly] : request.Objects("firstAvailable");
            foreach (IGrouping<string, long> most in wanted.GroupBy(one => one.TextOrEmpty("deviceClassName"), Devices, StringComparer.Ordinal))
            {
                totals[most.Key] = totals.GetValueOrDefault(most.Key) + most.Max();
            }
        }

        foreach ((string deviceClass, long devices) in totals)
        {
            used[deviceClass + ByDeviceClass] = Quantity.FromValue(devices);
        }
    }

    private static long Devices(JsonObject request) =>
        request.Text("allocationMode") == "All" ? MostDevices : request.Integer("count") ?? 1;
}
