using MiniPlane.Objects.Selectors;

namespace MiniPlane.Controllers.Views;

/// <summary>meta.v1.LabelSelector as it is written in a spec.</summary>
internal sealed record Selector
{
    public IReadOnlyDictionary<string, string>? MatchLabels { get; init; }

    public IReadOnlyList<SelectorExpression>? MatchExpressions { get; init; }

    /// <summary>An empty selector would match everything; controllers refuse to act on one.</summary>
    public bool IsEmpty => (MatchLabels?.Count ?? 0) == 0 && (MatchExpressions?.Count ?? 0) == 0;

    public LabelSelector ToLabelSelector() => new(
    [
        .. LabelSelector.FromLabels(MatchLabels ?? new Dictionary<string, string>(StringComparer.Ordinal)).Requirements,
        .. (MatchExpressions ?? []).Select(expression => expression.ToRequirement()),
    ]);
}

internal sealed record SelectorExpression
{
    public string? Key { get; init; }

    public string? Operator { get; init; }

    public IReadOnlyList<string>? Values { get; init; }

    /// <summary>The requirement; an operator that does not exist matches nothing.</summary>
    public LabelRequirement ToRequirement() => new(
        Key ?? "",
        Operator switch
        {
            "In" => SelectorOperator.In,
            "NotIn" => SelectorOperator.NotIn,
            "Exists" => SelectorOperator.Exists,
            "DoesNotExist" => SelectorOperator.DoesNotExist,
            "Gt" => SelectorOperator.GreaterThan,
            "Lt" => SelectorOperator.LessThan,
            _ => SelectorOperator.In,
        },
        Values ?? []);
}
