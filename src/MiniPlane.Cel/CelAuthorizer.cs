namespace MiniPlane.Cel;

/// <summary>
/// The authorizer as expressions see it (Kubernetes' authz library): each call narrows a check down, <c>check</c> asks it and the rest read the
/// answer. Whoever has an authorizer makes its own.
/// </summary>
public abstract class CelAuthorizer : ICelOpaque
{
    public CelKind Kind => CelKind.Authorizer;

    /// <summary>A narrower check, an answer, or a part of an answer; throws <see cref="CelException"/> for calls that make no sense here.</summary>
    public abstract object? Call(string method, IReadOnlyList<object?> arguments);

    public bool Equals(ICelOpaque? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => base.GetHashCode();
}
