using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Decoding;

namespace MiniPlane.Objects.Apply;

/// <summary>
/// A set of field paths as a tree, in the form in which <c>managedFields</c> writes it (meta.v1.FieldsV1): path elements are
/// <c>f:name</c>, <c>k:{"name":"a"}</c> or <c>v:"x"</c>. A node can be a member itself and have members below it; below the root no
/// node is empty. Once made, a set is not changed any more: the operations share what they can and answer the very same set when
/// nothing differs.
/// </summary>
public sealed class FieldSet
{
    private static readonly KeyValuePair<string, FieldSet>[] None = [];

    // The first _count are in ordinal order of their elements.
    private KeyValuePair<string, FieldSet>[] _children = None;
    private int _count;

    /// <summary>The path that leads here is itself in the set.</summary>
    public bool IsMember { get; private set; }

    /// <summary>The set as <see cref="WriteTo(Utf8JsonWriter)"/> writes it, where that is known beforehand.</summary>
    internal byte[]? Text { get; set; }

    public bool IsEmpty => !IsMember && _count == 0;

    /// <summary>What is below, in ordinal order.</summary>
    public ReadOnlySpan<KeyValuePair<string, FieldSet>> Children => _children.AsSpan(0, _count);

    /// <summary>Reads FieldsV1. Unreadable parts are ignored, as they can only make someone own less.</summary>
    public static FieldSet FromJson(JsonNode? fields)
    {
        var set = new FieldSet();
        if (fields is not JsonObject json)
        {
            return set;
        }

        foreach ((string element, JsonNode? below) in json)
        {
            if (element == ".")
            {
                set.IsMember = true;
                continue;
            }

            FieldSet child = FromJson(below);
            child.IsMember |= child._count == 0;
            set.Put(element, child);
        }

        return set;
    }

    /// <summary>Reads FieldsV1 from its text; the reader stands on its first token and ends on its last.</summary>
    public static FieldSet Read(ref Utf8JsonReader reader)
    {
        var set = new FieldSet();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return set;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string element = PropertyNames.Read(ref reader);
            reader.Read();
            if (element == ".")
            {
                reader.Skip();
                set.IsMember = true;
                continue;
            }

            FieldSet child = Read(ref reader);
            child.IsMember |= child._count == 0;
            set.Put(element, child);
        }

        return set;
    }

    /// <summary>Writes FieldsV1.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        foreach ((string element, FieldSet child) in Children)
        {
            JsonObject below = child.ToJson();
            if (child.IsMember && child._count > 0)
            {
                below.Insert(0, ".", new JsonObject());
            }

            json[element] = below;
        }

        return json;
    }

    /// <summary>Writes FieldsV1.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        if (Text is { } text)
        {
            writer.WriteRawValue(text, skipInputValidation: true);
        }
        else
        {
            WriteTo(writer, isRoot: true);
        }
    }

    public FieldSet? Find(string element)
    {
        int at = IndexOf(element);
        return at < 0 ? null : _children[at].Value;
    }

    public FieldSet Union(FieldSet other) => Union(this, other);

    public FieldSet Intersection(FieldSet other)
    {
        if (ReferenceEquals(this, other))
        {
            return this;
        }

        var result = new FieldSet { IsMember = IsMember && other.IsMember };
        foreach ((string element, FieldSet child) in Children)
        {
            if (other.Find(element) is { } match)
            {
                result.PutIfAny(element, child.Intersection(match));
            }
        }

        return result;
    }

    public FieldSet Difference(FieldSet other) => Without(other, isRecursive: false);

    /// <summary>This set without every path that is in <paramref name="other"/> or lies below one of its members.</summary>
    public FieldSet RecursiveDifference(FieldSet other) => Without(other, isRecursive: true);

    /// <summary>
    /// This set and every declared field on the way to its members: who gave up <c>spec.strategy.type</c> gave up an otherwise
    /// unowned <c>spec.strategy</c> too. List items are not added; they are owned on their own.
    /// </summary>
    public FieldSet WithNamedParents()
    {
        var result = new FieldSet { IsMember = IsMember };
        foreach ((string element, FieldSet child) in Children)
        {
            FieldSet below = child.WithNamedParents();
            below.IsMember |= element.StartsWith("f:", StringComparison.Ordinal);
            result.Put(element, below);
        }

        return result;
    }

    public bool SetEquals(FieldSet other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (IsMember != other.IsMember || _count != other._count)
        {
            return false;
        }

        for (int at = 0; at < _count; at++)
        {
            if (_children[at].Key != other._children[at].Key || !_children[at].Value.SetEquals(other._children[at].Value))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Every member path, as its elements from the root.</summary>
    public IEnumerable<IReadOnlyList<string>> Paths() => Paths([]);

    /// <summary>Makes this node's own path a member. For those who build a set.</summary>
    internal void Add() => IsMember = true;

    /// <summary>The node below, made when it is missing. For those who build a set and put a member there.</summary>
    internal FieldSet Child(string element)
    {
        int at = IndexOf(element);
        if (at >= 0)
        {
            return _children[at].Value;
        }

        var child = new FieldSet();
        Insert(~at, element, child);
        return child;
    }

    /// <summary>Puts a subtree in place. For those who build a set.</summary>
    internal void PutIfAny(string element, FieldSet child)
    {
        if (!child.IsEmpty)
        {
            Put(element, child);
        }
    }

    private static FieldSet Union(FieldSet left, FieldSet right)
    {
        if (ReferenceEquals(left, right) || right.IsEmpty)
        {
            return left;
        }

        if (left.IsEmpty)
        {
            return right;
        }

        FieldSet? result = left.IsMember || !right.IsMember ? null : left.Copy(isMember: true);
        foreach ((string element, FieldSet child) in right.Children)
        {
            int at = (result ?? left).IndexOf(element);
            if (at < 0)
            {
                result ??= left.Copy(left.IsMember);
                result.Insert(~at, element, child);
                continue;
            }

            FieldSet mine = (result ?? left)._children[at].Value;
            FieldSet both = Union(mine, child);
            if (!ReferenceEquals(both, mine))
            {
                result ??= left.Copy(left.IsMember);
                result.Put(element, both);
            }
        }

        return result ?? left;
    }

    private FieldSet Without(FieldSet other, bool isRecursive)
    {
        if (other.IsEmpty || IsEmpty)
        {
            return this;
        }

        FieldSet? result = IsMember && other.IsMember ? Copy(isMember: false) : null;
        foreach ((string element, FieldSet excluded) in other.Children)
        {
            if (Find(element) is not { } child)
            {
                continue;
            }

            FieldSet? rest = isRecursive && excluded.IsMember ? null : child.Without(excluded, isRecursive);
            if (!ReferenceEquals(rest, child))
            {
                result ??= Copy(IsMember);
                result.Replace(element, rest);
            }
        }

        return result ?? this;
    }

    private FieldSet Copy(bool isMember) => new() { IsMember = isMember, _children = Children.ToArray(), _count = _count };

    private void Replace(string element, FieldSet? child)
    {
        int at = IndexOf(element);
        if (child is { IsEmpty: false })
        {
            _children[at] = new KeyValuePair<string, FieldSet>(element, child);
            return;
        }

        _count--;
        Array.Copy(_children, at + 1, _children, at, _count - at);
        _children[_count] = default;
    }

    private IEnumerable<IReadOnlyList<string>> Paths(IReadOnlyList<string> here)
    {
        if (IsMember)
        {
            yield return here;
        }

        for (int at = 0; at < _count; at++)
        {
            foreach (IReadOnlyList<string> path in _children[at].Value.Paths([.. here, _children[at].Key]))
            {
                yield return path;
            }
        }
    }

    private void WriteTo(Utf8JsonWriter writer, bool isRoot)
    {
        writer.WriteStartObject();
        if (IsMember && !isRoot && _count > 0)
        {
            writer.WriteStartObject("."u8);
            writer.WriteEndObject();
        }

        foreach ((string element, FieldSet child) in Children)
        {
            writer.WritePropertyName(element);
            child.WriteTo(writer, isRoot: false);
        }

        writer.WriteEndObject();
    }

    private void Put(string element, FieldSet child)
    {
        int at = IndexOf(element);
        if (at >= 0)
        {
            _children[at] = new KeyValuePair<string, FieldSet>(element, child);
        }
        else
        {
            Insert(~at, element, child);
        }
    }

    private int IndexOf(string element)
    {
        int low = 0;
        int high = _count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = string.CompareOrdinal(_children[middle].Key, element);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return ~low;
    }

    private void Insert(int at, string element, FieldSet child)
    {
        if (_count == _children.Length)
        {
            Array.Resize(ref _children, Math.Max(4, _count * 2));
        }

        Array.Copy(_children, at, _children, at + 1, _count - at);
        _children[at] = new KeyValuePair<string, FieldSet>(element, child);
        _count++;
    }
}
