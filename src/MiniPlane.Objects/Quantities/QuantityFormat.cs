namespace MiniPlane.Objects.Quantities;

/// <summary>How a quantity prefers to be written; it comes from the suffix with which it was given.</summary>
public enum QuantityFormat
{
    /// <summary>Powers of ten by suffix: <c>100m</c>, <c>5k</c>.</summary>
    DecimalSI,

    /// <summary>Powers of 1024 by suffix: <c>64Mi</c>.</summary>
    BinarySI,

    /// <summary>Powers of ten by exponent: <c>12e6</c>.</summary>
    DecimalExponent,
}
