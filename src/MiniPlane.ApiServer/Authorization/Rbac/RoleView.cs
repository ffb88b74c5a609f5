using System.Text.Json.Nodes;

namespace MiniPlane.ApiServer.Authorization.Rbac;

/// <summary>What authorization reads of a Role or ClusterRole.</summary>
internal sealed record RoleView
{
    public IReadOnlyList<PolicyRule>? Rules { get; init; }

    /// <summary>Other roles' rules that this one is made of; kept in <see cref="Rules"/> by the aggregation loop.</summary>
    public AggregationView? AggregationRule { get; init; }

    /// <summary>rbac.v1.AggregationRule.</summary>
    internal sealed record AggregationView
    {
        public IReadOnlyList<JsonObject>? ClusterRoleSelectors { get; init; }
    }
}
