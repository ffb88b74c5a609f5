using MiniPlane.Store.Revisions;

namespace MiniPlane.Store.Sequencing;

/// <summary>
/// What differs between two versions of a map. Versions share the parts of their trees that did not change, and a shared part is
/// passed over without looking into it; so the cost follows the number of changes, not of documents.
/// </summary>
internal static class MapDifference
{
    public static IEnumerable<DocumentChange> Between(DocumentMap.Node? before, DocumentMap.Node? after)
    {
        var old = new Walk(before);
        var now = new Walk(after);
        while (!old.IsDone || !now.IsDone)
        {
            if (old.Tree is { } shared && ReferenceEquals(shared, now.Tree))
            {
                old.Skip();
                now.Skip();
            }
            else if (old.Height > now.Height)
            {
                old.Open();
            }
            else if (now.Height > 0)
            {
                now.Open();
            }
            else if (Next(old, now) is { } change)
            {
                yield return change;
            }
        }
    }

    // Both stand on a single document, or one is at its end.
    private static DocumentChange? Next(Walk old, Walk now)
    {
        int order = old.IsDone ? 1 : now.IsDone ? -1 : DocumentMap.Compare(old.Single.Key, now.Single.Key);
        if (order < 0)
        {
            return new DocumentChange(old.Take().Document, null);
        }

        if (order > 0)
        {
            return new DocumentChange(null, now.Take().Document);
        }

        DocumentMap.Node left = old.Take();
        DocumentMap.Node right = now.Take();
        return ReferenceEquals(left.Document, right.Document) ? null : new DocumentChange(left.Document, right.Document);
    }

    /// <summary>A way through a tree in order, which stands on a whole tree until that is opened.</summary>
    private sealed class Walk
    {
        private readonly Stack<(DocumentMap.Node Node, bool IsTree)> _path = new();

        public Walk(DocumentMap.Node? root) => Push(root);

        public bool IsDone => _path.Count == 0;

        /// <summary>The tree it stands on, or null on a single document or at the end.</summary>
        public DocumentMap.Node? Tree => _path.TryPeek(out (DocumentMap.Node Node, bool IsTree) top) && top.IsTree ? top.Node : null;

        /// <summary>Levels of <see cref="Tree"/>, or 0.</summary>
        public int Height => Tree?.Height ?? 0;

        public DocumentMap.Node Single => _path.Peek().Node;

        public void Skip() => _path.Pop();

        public DocumentMap.Node Take() => _path.Pop().Node;

        public void Open()
        {
            DocumentMap.Node node = _path.Pop().Node;
            Push(node.Right);
            _path.Push((node, false));
            Push(node.Left);
        }

        private void Push(DocumentMap.Node? tree)
        {
            if (tree is not null)
            {
                _path.Push((tree, true));
            }
        }
    }
}
