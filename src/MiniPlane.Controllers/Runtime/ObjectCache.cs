using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Runtime;

/// <summary>
/// What an informer knows of one collection, with indexes by namespace, by owner's uid and by whatever else a controller asked
/// for, so that a reconcile never scans all objects. Safe for threads; answers are snapshots.
/// </summary>
internal sealed class ObjectCache
{
    // Guards everything below. Held for memory work only.
    private readonly Lock _gate = new();
    private readonly Dictionary<ObjectKey, ObjectDocument> _objects = [];
    private readonly Dictionary<string, ObjectDocument> _byUid = new(StringComparer.Ordinal);
    private readonly ObjectIndex _byNamespace = new(static document => [document.Metadata.Namespace]);

    private readonly ObjectIndex _byOwner =
        new(static document => document.Metadata.OwnerReferences.Select(owner => owner.Uid));

    private readonly Dictionary<string, ObjectIndex> _indexes = new(StringComparer.Ordinal);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _objects.Count;
            }
        }
    }

    /// <summary>Adds an index, unless one of this name is there already.</summary>
    public void AddIndex(string name, Func<ObjectDocument, IEnumerable<string>> values)
    {
        lock (_gate)
        {
            if (_indexes.TryAdd(name, new ObjectIndex(values)))
            {
                foreach (ObjectDocument document in _objects.Values)
                {
                    _indexes[name].Replace(before: null, document);
                }
            }
        }
    }

    public ObjectDocument? Find(ObjectKey key)
    {
        lock (_gate)
        {
            return _objects.GetValueOrDefault(key);
        }
    }

    public IReadOnlyList<ObjectDocument> All()
    {
        lock (_gate)
        {
            return [.. _objects.Values];
        }
    }

    public IReadOnlyList<ObjectDocument> InNamespace(string name)
    {
        lock (_gate)
        {
            return _byNamespace.Find(name);
        }
    }

    public IReadOnlyList<ObjectDocument> OwnedBy(string uid)
    {
        lock (_gate)
        {
            return _byOwner.Find(uid);
        }
    }

    public ObjectDocument? ByUid(string uid)
    {
        lock (_gate)
        {
            return _byUid.GetValueOrDefault(uid);
        }
    }

    public IReadOnlyList<ObjectDocument> ByIndex(string index, string value)
    {
        lock (_gate)
        {
            return _indexes[index].Find(value);
        }
    }

    /// <summary>Sets or (with null) removes the object under a key; returns what was there before.</summary>
    public ObjectDocument? Set(ObjectKey key, ObjectDocument? document)
    {
        lock (_gate)
        {
            ObjectDocument? before = _objects.GetValueOrDefault(key);
            if (document is null)
            {
                _objects.Remove(key);
            }
            else
            {
                _objects[key] = document;
            }

            if (before is not null)
            {
                _byUid.Remove(before.Metadata.Uid);
            }

            if (document is not null)
            {
                _byUid[document.Metadata.Uid] = document;
            }

            _byNamespace.Replace(before, document);
            _byOwner.Replace(before, document);
            foreach (ObjectIndex index in _indexes.Values)
            {
                index.Replace(before, document);
            }

            return before;
        }
    }
}
