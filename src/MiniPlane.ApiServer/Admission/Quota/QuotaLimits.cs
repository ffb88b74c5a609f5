using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Quantities;
using MiniPlane.Objects.Quotas;

namespace MiniPlane.ApiServer.Admission.Quota;

/// <summary>One ResourceQuota's limits on one resource's objects.</summary>
internal sealed record QuotaLimits
{
    public required string Name { get; init; }

    /// <summary>By quota resource: <c>pods</c>, <c>requests.cpu</c>, <c>count/jobs.batch</c>.</summary>
    public required IReadOnlyDictionary<string, Quantity> Hard { get; init; }

    public required JsonObject Spec { get; init; }

    /// <summary>The scopes as one text, to remember by what they matched; empty without any.</summary>
    public required string ScopeText { get; init; }

    public bool IsScoped => ScopeText.Length > 0;

    /// <summary>The limits that concern <paramref name="resource"/>, or null when there are none.</summary>
    public static QuotaLimits? Read(ObjectDocument quota, string resource)
    {
        JsonObject spec = quota.ToJson().Object("spec") ?? [];
        var hard = new Dictionary<string, Quantity>(StringComparer.Ordinal);
        foreach ((string name, JsonNode? value) in spec.Object("hard") ?? [])
        {
            if (QuotaUsage.ResourceOf(name) == resource && Quantity.TryParse(value.Text() ?? value?.ToString(), out Quantity limit))
            {
                hard[name] = limit;
            }
        }

        bool isScoped = spec.Array("scopes") is { Count: > 0 } || spec.Array("scopeSelector", "matchExpressions") is { Count: > 0 };
        return hard.Count == 0
            ? null
            : new QuotaLimits
            {
                Name = quota.Metadata.Name,
                Hard = hard,
                Spec = spec,
                ScopeText = isScoped ? $"{spec["scopes"].Compacted()}{spec["scopeSelector"].Compacted()}" : "",
            };
    }
}
