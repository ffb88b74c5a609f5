using System.Runtime.InteropServices;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.Store.Sequencing;

/// <summary>
/// A persistent map from key to document, ordered by namespace, then name (ordinal): an AVL tree whose nodes never change, so a
/// snapshot is a reference and a write copies only the path to its node.
/// </summary>
internal sealed class DocumentMap
{
    public static readonly DocumentMap Empty = new(null);

    private readonly Node? _root;

    private DocumentMap(Node? root) => _root = root;

    public int Count => _root?.Count ?? 0;

    /// <summary>Levels of the tree: what a read or write costs.</summary>
    public int Height => Levels(_root);

    /// <summary>Builds a map in one pass; the entries are in order and have no key twice.</summary>
    public static DocumentMap FromSorted(List<KeyValuePair<ObjectKey, ObjectDocument>> entries) =>
        new(Build(CollectionsMarshal.AsSpan(entries)));

    public static int Compare(in ObjectKey a, in ObjectKey b)
    {
        int byNamespace = string.CompareOrdinal(a.Namespace, b.Namespace);
        return byNamespace != 0 ? byNamespace : string.CompareOrdinal(a.Name, b.Name);
    }

    public ObjectDocument? Find(in ObjectKey key)
    {
        Node? node = _root;
        while (node is not null)
        {
            int order = Compare(key, node.Key);
            if (order == 0)
            {
                return node.Document;
            }

            node = order < 0 ? node.Left : node.Right;
        }

        return null;
    }

    public DocumentMap Set(in ObjectKey key, ObjectDocument document) => new(Set(_root, key, document));

    /// <summary>The map without the key; the key must be there.</summary>
    public DocumentMap Remove(in ObjectKey key) => new(Remove(_root, key));

    /// <summary>Documents in order: of one namespace if given, those after a key if given.</summary>
    public IEnumerable<ObjectDocument> Range(string? ns, ObjectKey? after)
    {
        ObjectKey first = ns is null ? default : new ObjectKey(ns, "");
        bool isExclusive = after is { } key && (ns is null || Compare(key, first) >= 0);
        ObjectKey start = isExclusive ? after.GetValueOrDefault() : first;
        var path = new Stack<Node>();
        Descend(path, _root, start, isExclusive);
        while (path.TryPop(out Node? node))
        {
            if (ns is not null && node.Key.Namespace != ns)
            {
                yield break;
            }

            yield return node.Document;
            PushLeftmost(path, node.Right);
        }
    }

    /// <summary>How many documents <see cref="Range"/> gives, without walking through them.</summary>
    public int CountOf(string? ns, ObjectKey? after)
    {
        ObjectKey first = ns is null ? default : new ObjectKey(ns, "");
        bool isExclusive = after is { } key && (ns is null || Compare(key, first) >= 0);
        ObjectKey start = isExclusive ? after.GetValueOrDefault() : first;
        int skipped = CountBefore(_root, node => Compare(node.Key, start) < (isExclusive ? 1 : 0));
        int all = ns is null ? Count : CountBefore(_root, node => string.CompareOrdinal(node.Key.Namespace, ns) <= 0);
        return Math.Max(0, all - skipped);
    }

    /// <summary>What differs from an earlier version of this map.</summary>
    public IEnumerable<DocumentChange> ChangesSince(DocumentMap earlier) => MapDifference.Between(earlier._root, _root);

    /// <summary>Everything in order, with its keys.</summary>
    public IEnumerable<KeyValuePair<ObjectKey, ObjectDocument>> Entries()
    {
        var path = new Stack<Node>();
        PushLeftmost(path, _root);
        while (path.TryPop(out Node? node))
        {
            yield return new(node.Key, node.Document);
            PushLeftmost(path, node.Right);
        }
    }

    private static int CountBefore(Node? root, Func<Node, bool> isBefore)
    {
        int count = 0;
        for (Node? node = root; node is not null;)
        {
            if (isBefore(node))
            {
                count += 1 + (node.Left?.Count ?? 0);
                node = node.Right;
            }
            else
            {
                node = node.Left;
            }
        }

        return count;
    }

    private static void Descend(Stack<Node> path, Node? node, ObjectKey start, bool isExclusive)
    {
        while (node is not null)
        {
            int order = Compare(node.Key, start);
            if (order > 0 || (order == 0 && !isExclusive))
            {
                path.Push(node);
                node = node.Left;
            }
            else
            {
                node = node.Right;
            }
        }
    }

    private static void PushLeftmost(Stack<Node> path, Node? node)
    {
        for (; node is not null; node = node.Left)
        {
            path.Push(node);
        }
    }

    private static Node? Build(ReadOnlySpan<KeyValuePair<ObjectKey, ObjectDocument>> entries)
    {
        if (entries.IsEmpty)
        {
            return null;
        }

        int middle = entries.Length / 2;
        return new Node(
            entries[middle].Key, entries[middle].Value, Build(entries[..middle]), Build(entries[(middle + 1)..]));
    }

    private static Node Set(Node? node, in ObjectKey key, ObjectDocument document)
    {
        if (node is null)
        {
            return new Node(key, document, null, null);
        }

        int order = Compare(key, node.Key);
        return order switch
        {
            0 => new Node(node.Key, document, node.Left, node.Right),
            < 0 => Balance(node, Set(node.Left, key, document), node.Right),
            _ => Balance(node, node.Left, Set(node.Right, key, document)),
        };
    }

    private static Node? Remove(Node? node, in ObjectKey key)
    {
        if (node is null)
        {
            return null;
        }

        int order = Compare(key, node.Key);
        if (order < 0)
        {
            return Balance(node, Remove(node.Left, key), node.Right);
        }

        if (order > 0)
        {
            return Balance(node, node.Left, Remove(node.Right, key));
        }

        if (node.Left is null || node.Right is null)
        {
            return node.Left ?? node.Right;
        }

        Node next = node.Right;
        while (next.Left is not null)
        {
            next = next.Left;
        }

        return Balance(next, node.Left, Remove(node.Right, next.Key));
    }

    /// <summary>A node with the content of <paramref name="middle"/> over two trees whose heights differ by at most 2.</summary>
    private static Node Balance(Node middle, Node? left, Node? right)
    {
        int lean = Levels(left) - Levels(right);
        if (lean > 1 && left is not null)
        {
            return Levels(left.Left) < Levels(left.Right) && left.Right is { } inner
                ? inner.With(left.With(left.Left, inner.Left), middle.With(inner.Right, right))
                : left.With(left.Left, middle.With(left.Right, right));
        }

        if (lean < -1 && right is not null)
        {
            return Levels(right.Right) < Levels(right.Left) && right.Left is { } inner
                ? inner.With(middle.With(left, inner.Left), right.With(inner.Right, right.Right))
                : right.With(middle.With(left, right.Left), right.Right);
        }

        return middle.With(left, right);
    }

    private static int Levels(Node? node) => node?.Height ?? 0;

    internal sealed class Node(in ObjectKey key, ObjectDocument document, Node? left, Node? right)
    {
        public readonly ObjectKey Key = key;
        public readonly ObjectDocument Document = document;
        public readonly Node? Left = left;
        public readonly Node? Right = right;
        public readonly int Height = 1 + Math.Max(left?.Height ?? 0, right?.Height ?? 0);
        public readonly int Count = 1 + (left?.Count ?? 0) + (right?.Count ?? 0);

        public Node With(Node? newLeft, Node? newRight) => new(Key, Document, newLeft, newRight);
    }
}
