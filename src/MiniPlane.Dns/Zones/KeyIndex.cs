using System.Collections.Immutable;

namespace MiniPlane.Dns.Zones;

/// <summary>An immutable index from a property to the keys that have it.</summary>
internal sealed class KeyIndex<TProperty, TKey>
    where TProperty : notnull
    where TKey : notnull
{
    public static readonly KeyIndex<TProperty, TKey> Empty = new(ImmutableDictionary<TProperty, ImmutableHashSet<TKey>>.Empty);

    private readonly ImmutableDictionary<TProperty, ImmutableHashSet<TKey>> _keys;

    private KeyIndex(ImmutableDictionary<TProperty, ImmutableHashSet<TKey>> keys) => _keys = keys;

    public ImmutableHashSet<TKey> this[TProperty property] => _keys.GetValueOrDefault(property, []);

    public bool Has(TProperty property) => _keys.ContainsKey(property);

    public KeyIndex<TProperty, TKey> Add(TProperty property, TKey key) => new(_keys.SetItem(property, this[property].Add(key)));

    public KeyIndex<TProperty, TKey> Remove(TProperty property, TKey key)
    {
        ImmutableHashSet<TKey> rest = this[property].Remove(key);
        return new(rest.IsEmpty ? _keys.Remove(property) : _keys.SetItem(property, rest));
    }
}
