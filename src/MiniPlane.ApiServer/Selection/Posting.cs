using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Selection;

/// <summary>The documents of one value, sorted when somebody asks and until the next change. Not thread-safe.</summary>
internal sealed class Posting
{
    private readonly HashSet<ObjectDocument> _documents = [];
    private ObjectDocument[]? _sorted;

    public int Count => _documents.Count;

    public void Add(ObjectDocument document)
    {
        _documents.Add(document);
        _sorted = null;
    }

    public void Remove(ObjectDocument document)
    {
        _documents.Remove(document);
        _sorted = null;
    }

    /// <summary>By namespace, then name, as a collection's snapshot is; never changed afterwards.</summary>
    public ObjectDocument[] Sorted()
    {
        if (_sorted is null)
        {
            ObjectDocument[] sorted = [.. _documents];
            Array.Sort(sorted, static (left, right) => Compare(left.Key, right.Key));
            _sorted = sorted;
        }

        return _sorted;
    }

    public static int Compare(ObjectKey left, ObjectKey right)
    {
        int order = string.CompareOrdinal(left.Namespace, right.Namespace);
        return order != 0 ? order : string.CompareOrdinal(left.Name, right.Name);
    }
}
