namespace MiniPlane.Objects.Selectors;

/// <summary>meta.v1.LabelSelectorOperator, with the two number comparisons of node selectors.</summary>
public enum SelectorOperator
{
    In,
    NotIn,
    Exists,
    DoesNotExist,
    GreaterThan,
    LessThan,
}
