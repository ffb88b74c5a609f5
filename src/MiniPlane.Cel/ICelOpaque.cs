namespace MiniPlane.Cel;

/// <summary>A value that only its own functions understand: a quantity, an address, the authorizer.</summary>
public interface ICelOpaque : IEquatable<ICelOpaque>
{
    CelKind Kind { get; }
}
