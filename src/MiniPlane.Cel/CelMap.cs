namespace MiniPlane.Cel;

/// <summary>A map as expressions see it. Keys are strings, whole numbers or booleans.</summary>
public abstract class CelMap
{
    public abstract int Count { get; }

    public abstract IEnumerable<object?> Keys { get; }

    /// <summary>False when the map has no such key.</summary>
    public abstract bool TryGet(object? key, out object? value);
}
