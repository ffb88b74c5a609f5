using System.Text.Json.Nodes;

namespace MiniPlane.Objects.Apply;

/// <summary>
/// A set of field paths as a tree, in the form in which <c>managedFields</c> writes it (meta.v1.FieldsV1): path elements are
/// <c>f:name</c>, <c>k:{"name":"a"}</c> or <c>v:"x"</c>. A node can be a member itself and have members below it.
/// </summary>
public sealed class FieldSet
{
    private readonly SortedDictionary<string, FieldSet> _children = new(StringComparer.Ordinal);

    /// <summary>The path that leads here is itself in the set.</summary>
    public bool IsMember { get; private set; }

    public bool IsEmpty => !IsMember && _children.Values.All(child => child.IsEmpty);

    public IReadOnlyDictionary<string, FieldSet> Children => _children;

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
            child.IsMember |= child._children.Count == 0;
            set._children[element] = child;
        }

        return set;
    }

    /// <summary>Writes FieldsV1.</summary>
    public JsonObject ToJson() => ToJson(isRoot: true);

    public FieldSet Child(string element)
    {
        if (!_children.TryGetValue(element, out FieldSet? child))
        {
            child = new FieldSet();
            _children.Add(element, child);
        }

        return child;
    }

    /// <summary>Makes this node's own path a member.</summary>
    public void Add() => IsMember = true;

    public FieldSet Union(FieldSet other) => Combine(other, (left, right) => left || right);

    public FieldSet Intersection(FieldSet other) => Combine(other, (left, right) => left && right);

    public FieldSet Difference(FieldSet other) => Combine(other, (left, right) => left && !right);

    /// <summary>This set without every path that is in <paramref name="other"/> or lies below one of its members.</summary>
    public FieldSet RecursiveDifference(FieldSet other)
    {
        var result = new FieldSet { IsMember = IsMember && !other.IsMember };
        foreach ((string element, FieldSet child) in _children)
        {
            if (!other._children.TryGetValue(element, out FieldSet? excluded))
            {
                result._children.Add(element, child);
            }
            else if (!excluded.IsMember)
            {
                result.AddIfAny(element, child.RecursiveDifference(excluded));
            }
        }

        return result;
    }

    /// <summary>
    /// This set and every declared field on the way to its members: who gave up <c>spec.strategy.type</c> gave up an otherwise
    /// unowned <c>spec.strategy</c> too. List items are not added; they are owned on their own.
    /// </summary>
    public FieldSet WithNamedParents()
    {
        var result = new FieldSet { IsMember = IsMember };
        foreach ((string element, FieldSet child) in _children)
        {
            FieldSet below = child.WithNamedParents();
            below.IsMember |= element.StartsWith("f:", StringComparison.Ordinal) && !below.IsEmpty;
            result._children.Add(element, below);
        }

        return result;
    }

    public bool SetEquals(FieldSet other) => Difference(other).IsEmpty && other.Difference(this).IsEmpty;

    /// <summary>Every member path, as its elements from the root.</summary>
    public IEnumerable<IReadOnlyList<string>> Paths() => Paths([]);

    private IEnumerable<IReadOnlyList<string>> Paths(IReadOnlyList<string> here)
    {
        if (IsMember)
        {
            yield return here;
        }

        foreach ((string element, FieldSet child) in _children)
        {
            foreach (IReadOnlyList<string> path in child.Paths([.. here, element]))
            {
                yield return path;
            }
        }
    }

    private FieldSet Combine(FieldSet? other, Func<bool, bool, bool> rule)
    {
        var result = new FieldSet { IsMember = rule(IsMember, other?.IsMember ?? false) };
        IEnumerable<string> elements = other is null ? _children.Keys : _children.Keys.Union(other._children.Keys, StringComparer.Ordinal);
        foreach (string element in elements)
        {
            FieldSet left = _children.GetValueOrDefault(element) ?? new FieldSet();
            result.AddIfAny(element, left.Combine(other?._children.GetValueOrDefault(element), rule));
        }

        return result;
    }

    private void AddIfAny(string element, FieldSet child)
    {
        if (!child.IsEmpty)
        {
            _children.Add(element, child);
        }
    }

    private JsonObject ToJson(bool isRoot)
    {
        var json = new JsonObject();
        if (IsMember && !isRoot && _children.Count > 0)
        {
            json["."] = new JsonObject();
        }

        foreach ((string element, FieldSet child) in _children)
        {
            json[element] = child.ToJson(isRoot: false);
        }

        return json;
    }
}
