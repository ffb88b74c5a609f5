namespace MiniPlane.Cel.Values;

/// <summary>A map that an expression made.</summary>
internal sealed class DictionaryMap : CelMap
{
    private readonly Dictionary<object, object?> _entries = new(KeyComparer.Instance);

    public override int Count => _entries.Count;

    public override IEnumerable<object?> Keys => _entries.Keys;

    public override bool TryGet(object? key, out object? value)
    {
        value = null;
        return key is not null && _entries.TryGetValue(key, out value);
    }

    public void Set(object? key, object? value) => _entries[key ?? throw new CelException("unsupported key type: null_type")] = value;

    /// <summary>Adds an entry of a map literal, whose keys must differ.</summary>
    public void Add(object? key, object? value)
    {
        if (key is not (string or bool or long or ulong or double))
        {
            throw new CelException("unsupported key type");
        }

        if (!_entries.TryAdd(key, value))
        {
            throw new CelException($"insert failed: key {key} already exists");
        }
    }
}
