using MiniPlane.Objects.Quantities;

namespace MiniPlane.Cel.Values;

/// <summary>An amount such as <c>1.5Gi</c>.</summary>
internal sealed record QuantityValue(Quantity Quantity) : ICelOpaque
{
    public CelKind Kind => CelKind.Quantity;

    public bool Equals(ICelOpaque? other) => other is QuantityValue value && Equals(value);

    public bool Equals(QuantityValue? other) => other is not null && Quantity == other.Quantity;

    public override int GetHashCode() => Quantity.GetHashCode();

    public override string ToString() => Quantity.ToString();
}
