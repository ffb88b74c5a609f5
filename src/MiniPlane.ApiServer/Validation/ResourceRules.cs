using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.ApiServer.Validation;

/// <summary>Requests and limits (pkg/apis/core/validation.ValidateResourceRequirements).</summary>
internal static class ResourceRules
{
    private static readonly string[] ContainerResources = ["cpu", "memory", "ephemeral-storage"];

    private static readonly string[] StandardResources =
    [
        "cpu", "memory", "ephemeral-storage", "storage", "pods", "services", "replicationcontrollers", "resourcequotas", "secrets",
        "configmaps", "persistentvolumeclaims", "requests.cpu", "requests.memory", "requests.ephemeral-storage", "requests.storage",
        "limits.cpu", "limits.memory", "limits.ephemeral-storage", "services.nodeports", "services.loadbalancers",
    ];

    /// <summary>The quantity in a resource list, or null when it is not there or cannot be read.</summary>
    public static Quantity? Read(JsonNode? node) => Quantity.TryParse(Text(node), out Quantity quantity) ? quantity : null;

    public static void Requirements(JsonObject? resources, FieldPath path, FieldErrors errors)
    {
        JsonObject limits = resources.Object("limits") ?? [];
        JsonObject requests = resources.Object("requests") ?? [];
        foreach ((string name, JsonNode? limit) in limits)
        {
            ContainerResource(name, $"{path}.limits", errors);
            Value(name, limit, $"{path}.limits[{name}]", errors);
        }

        foreach ((string name, JsonNode? request) in requests)
        {
            ContainerResource(name, $"{path}.requests", errors);
            Value(name, request, $"{path}.requests[{name}]", errors);
            AgainstLimit(name, request, limits, path, errors);
        }
    }

    /// <summary>A quantity that is not negative and, for countable resources, whole.</summary>
    public static void Value(string name, JsonNode? node, FieldPath field, FieldErrors errors)
    {
        if (Read(node) is not { } quantity)
        {
            errors.Invalid(field, Text(node), Quantity.FormatMessage);
            return;
        }

        if (quantity.Sign < 0)
        {
            errors.Invalid(field, quantity.ToString(), "must be greater than or equal to 0");
        }

        if (IsWhole(name) && Quantity.FromValue(quantity.Value) != quantity)
        {
            errors.Invalid(field, quantity.ToString(), "must be an integer");
        }
    }

    /// <summary>A domain prefix that is not Kubernetes' own: nvidia.com/gpu.</summary>
    public static bool IsExtended(string name) =>
        name.Contains('/', StringComparison.Ordinal)
        && !name.Contains("kubernetes.io/", StringComparison.Ordinal)
        && !name.StartsWith("requests.", StringComparison.Ordinal);

    /// <summary>A resource name in a quota or limit range.</summary>
    public static void ResourceName(string name, FieldPath field, FieldErrors errors)
    {
        if (!errors.Format(name, field, Formats.QualifiedName) || name.Contains('/', StringComparison.Ordinal))
        {
            return;
        }

        if (!StandardResources.Contains(name, StringComparer.Ordinal) && !IsHugePages(name))
        {
            errors.Invalid(field, name, "must be a standard resource type or fully qualified");
        }
    }

    internal static string Text(JsonNode? node) => node.Text() ?? node.Compacted();

    private static void ContainerResource(string name, FieldPath field, FieldErrors errors)
    {
        ResourceName(name, field, errors);
        if (!name.Contains('/', StringComparison.Ordinal))
        {
            if (!ContainerResources.Contains(name, StringComparer.Ordinal) && !IsHugePages(name))
            {
                errors.Invalid(field, name, "must be a standard resource for containers");
            }
        }
        else if (!IsExtended(name) && !name.StartsWith("kubernetes.io/", StringComparison.Ordinal))
        {
            errors.Invalid(field, name, "doesn't follow extended resource name standard");
        }
    }

    private static void AgainstLimit(string name, JsonNode? node, JsonObject limits, FieldPath path, FieldErrors errors)
    {
        if (Read(node) is not { } request)
        {
            return;
        }

        bool mustBeEqual = IsExtended(name) || IsHugePages(name);
        if (Read(limits[name]) is not { } limit)
        {
            if (mustBeEqual)
            {
                errors.Required($"{path}.limits", "Limit must be set for non overcommitable resources");
            }
        }
        else if (mustBeEqual && request != limit)
        {
            errors.Invalid($"{path}.requests", request.ToString(), $"must be equal to {name} limit of {limit}");
        }
        else if (request > limit)
        {
            errors.Invalid($"{path}.requests", request.ToString(), $"must be less than or equal to {name} limit of {limit}");
        }
    }

    private static bool IsHugePages(string name) => name.StartsWith("hugepages-", StringComparison.Ordinal);

    private static bool IsWhole(string name) =>
        IsExtended(name)
        || name is "pods" or "services" or "replicationcontrollers" or "resourcequotas" or "secrets" or "configmaps"
            or "persistentvolumeclaims" or "services.nodeports" or "services.loadbalancers"
        || name.StartsWith("count/", StringComparison.Ordinal);
}
