using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace MiniPlane.Objects.Documents;

/// <summary>
/// A map of strings as objects have them (labels, annotations): a handful of pairs in one array, which is smaller than a hash table
/// and no slower to search. Immutable, in the object's order.
/// </summary>
internal sealed class StringMap : IReadOnlyDictionary<string, string>
{
    public static readonly StringMap Empty = new([]);

    private readonly KeyValuePair<string, string>[] _pairs;

    private StringMap(KeyValuePair<string, string>[] pairs) => _pairs = pairs;

    public int Count => _pairs.Length;

    public IEnumerable<string> Keys => _pairs.Select(pair => pair.Key);

    public IEnumerable<string> Values => _pairs.Select(pair => pair.Value);

    public string this[string key] => TryGetValue(key, out string? value) ? value : throw new KeyNotFoundException(key);

    /// <summary>The reader stands on the map's StartObject and ends on its EndObject. What is no string becomes the empty one.</summary>
    public static StringMap Read(ref Utf8JsonReader reader)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string key = StringPool.Shared.Read(ref reader);
            reader.Read();
            string value = "";
            if (reader.TokenType == JsonTokenType.String)
            {
                value = StringPool.Shared.Read(ref reader);
            }
            else
            {
                reader.Skip();
            }

            pairs.RemoveAll(pair => pair.Key == key);
            pairs.Add(new KeyValuePair<string, string>(key, value));
        }

        return pairs.Count == 0 ? Empty : new StringMap([.. pairs]);
    }

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        foreach (KeyValuePair<string, string> pair in _pairs)
        {
            if (pair.Key == key)
            {
                value = pair.Value;
                return true;
            }
        }

        value = null;
        return false;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, string>>)_pairs).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
