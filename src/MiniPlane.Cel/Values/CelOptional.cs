namespace MiniPlane.Cel.Values;

/// <summary>A value that may be missing.</summary>
internal sealed class CelOptional
{
    public static readonly CelOptional None = new(null, false);

    private readonly object? _value;

    private CelOptional(object? value, bool hasValue)
    {
        _value = value;
        HasValue = hasValue;
    }

    public bool HasValue { get; }

    public object? Value => HasValue ? _value : throw new CelException("optional.none() dereference");

    public static CelOptional Of(object? value) => new(value, true);
}
