using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Testing.Cluster;

/// <summary>
/// A cluster in memory, simple but honest about what controllers rely on: one revision counter, 409 on stale writes and existing
/// names, uid preconditions, generations, the status subresource, finalizers, grace periods of pods, deletion policies, bindings, and
/// watches that can expire. It neither defaults nor validates. It keeps a record of writes, and can be told to refuse some.
/// </summary>
public sealed class FakeCluster(TimeProvider time) : IClusterClient
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FakeCollection> _collections = new(StringComparer.Ordinal);
    private readonly List<string> _writes = [];
    private long _revision;
    private long _names;

    public FakeCatalogue Kinds { get; } = new();

    public IKindCatalogue Catalogue => Kinds;

    /// <summary>Called before each write with a line like <c>create pods a/b</c>; an exception it returns refuses the write.</summary>
    public Func<string, ApiException?> Refuse { get; set; } = static _ => null;

    /// <summary>Every accepted write, as <c>verb plural[/subresource] namespace/name</c>.</summary>
    public IReadOnlyList<string> Writes
    {
        get
        {
            lock (_gate)
            {
                return [.. _writes];
            }
        }
    }

    public KindDefinition Kind(string kind) => Kinds.Kinds.First(candidate => candidate.Kind == kind);

    /// <summary>All objects of a kind now, sorted by name.</summary>
    public IReadOnlyList<ObjectDocument> All(string kind)
    {
        lock (_gate)
        {
            return [.. Collection(Kind(kind)).Objects];
        }
    }

    public ObjectDocument? Find(string kind, string @namespace, string name)
    {
        lock (_gate)
        {
            return Collection(Kind(kind)).Find(new ObjectKey(@namespace, name));
        }
    }

    /// <summary>Ends every watch of a kind with 410, as compaction does.</summary>
    public void ExpireWatches(string kind)
    {
        lock (_gate)
        {
            Collection(Kind(kind)).Expire(++_revision);
        }
    }

    /// <summary>Edits an object as if a client with all rights had written all of it, status too.</summary>
    public ObjectDocument Edit(string kind, string @namespace, string name, Action<JsonObject> edit)
    {
        lock (_gate)
        {
            FakeCollection collection = Collection(Kind(kind));
            ObjectDocument current = Require(collection, new ObjectKey(@namespace, name));
            JsonObject json = current.ToJson();
            edit(json);
            return Commit(collection, current, json);
        }
    }

    public ValueTask<ObjectDocument?> FindAsync(KindDefinition kind, ObjectKey key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(Collection(kind).Find(key));
        }
    }

    public ValueTask<ObjectList> ListAsync(KindDefinition kind, ListQuery query, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(new ObjectList(
                _revision, [.. Collection(kind).Objects.Where(document => FakeQueries.Matches(document, query))]));
        }
    }

    public IAsyncEnumerable<ClusterEvent> WatchAsync(
        KindDefinition kind, ListQuery query, long revision, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return Collection(kind).WatchAsync(query, revision, cancellationToken);
        }
    }

    public ValueTask<ObjectDocument> CreateAsync(KindDefinition kind, JsonObject body, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var json = (JsonObject)body.DeepClone();
            JsonObject metadata = json.Ensure("metadata");
            if (metadata.Text("name") is null && metadata.Text("generateName") is { } prefix)
            {
                metadata["name"] = prefix + (++_names).ToString("x5", CultureInfo.InvariantCulture);
            }

            var key = new ObjectKey(metadata.TextOrEmpty("namespace"), metadata.TextOrEmpty("name"));
            Record("create", kind, subresource: null, key);
            FakeCollection collection = Collection(kind);
            if (collection.Find(key) is not null)
            {
                throw ApiErrors.AlreadyExists(kind, key.Name);
            }

            RefuseInTerminatingNamespace(kind, key);
            metadata["uid"] = $"uid-{(_revision + 1).ToString(CultureInfo.InvariantCulture)}";
            metadata["creationTimestamp"] = Format(time.GetUtcNow());
            metadata["generation"] = 1;
            if (kind.Kind == "Namespace")
            {
                json.Ensure("spec")["finalizers"] = new JsonArray("kubernetes");
                json.Ensure("status")["phase"] = "Active";
            }

            if (kind.Kind == "Pod")
            {
                json.Ensure("status").Default("phase", "Pending");
            }

            return ValueTask.FromResult(Store(collection, json));
        }
    }

    public ValueTask<ObjectDocument> UpdateAsync(
        KindDefinition kind, JsonObject body, string? subresource, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var key = new ObjectKey(body.TextOrEmpty("metadata", "namespace"), body.TextOrEmpty("metadata", "name"));
            Record("update", kind, subresource, key);
            return ValueTask.FromResult(Replace(kind, key, body, subresource));
        }
    }

    public ValueTask<ObjectDocument> PatchAsync(
        KindDefinition kind,
        ObjectKey key,
        PatchType type,
        JsonNode patch,
        string? subresource,
        CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (type != PatchType.Merge)
            {
                throw new NotSupportedException($"The fake cluster knows only merge patches, not {type}.");
            }

            Record("patch", kind, subresource, key);
            JsonObject current = Require(Collection(kind), key).ToJson();
            current["metadata"]!.AsObject().Remove("resourceVersion");
            var merged = (JsonObject)FakeQueries.Merge(current, patch)!;
            return ValueTask.FromResult(Replace(kind, key, merged, subresource));
        }
    }

    public ValueTask<ObjectDocument?> DeleteAsync(
        KindDefinition kind, ObjectKey key, DeleteQuery query, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            FakeCollection collection = Collection(kind);
            if (collection.Find(key) is not { } current)
            {
                return ValueTask.FromResult<ObjectDocument?>(null);
            }

            Record("delete", kind, subresource: null, key);

            // What a test does on hearing of the deletion counts.
            current = collection.Find(key) ?? current;
            if ((query.Uid is { } uid && uid != current.Metadata.Uid)
                || (query.Revision is { } revision && revision != current.Revision))
            {
                throw ApiErrors.Conflict(kind, key.Name, "the precondition is not met");
            }

            return ValueTask.FromResult<ObjectDocument?>(Delete(collection, current, query));
        }
    }

    public ValueTask<JsonObject> CreateSubresourceAsync(
        KindDefinition kind, ObjectKey key, string subresource, JsonObject body, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (subresource != "binding")
            {
                throw new NotSupportedException($"The fake cluster has no {subresource}.");
            }

            Record("create", kind, subresource, key);
            ObjectDocument pod = Require(Collection(kind), key);
            JsonObject json = pod.ToJson();
            if (pod.Metadata.IsBeingDeleted || json.TextOrEmpty("spec", "nodeName").Length > 0)
            {
                throw ApiErrors.Conflict(kind, key.Name, $"pod {key.Name} is already assigned to node or being deleted");
            }

            json.Ensure("spec")["nodeName"] = body.TextOrEmpty("target", "name");
            JsonArray conditions = json.Ensure("status").EnsureArray("conditions");
            conditions.RemoveAll(condition => condition.TextOrEmpty("type") == "PodScheduled");
            conditions.Add((JsonNode)new JsonObject { ["type"] = "PodScheduled", ["status"] = "True" });
            Commit(Collection(kind), pod, json);
            return ValueTask.FromResult(new JsonObject { ["kind"] = "Status", ["status"] = "Success" });
        }
    }

    private ObjectDocument Replace(KindDefinition kind, ObjectKey key, JsonObject body, string? subresource)
    {
        FakeCollection collection = Collection(kind);
        ObjectDocument current = Require(collection, key);
        if ((body.Text("metadata", "resourceVersion") is { } revision && revision != current.ResourceVersion)
            || (body.Text("metadata", "uid") is { } uid && uid != current.Metadata.Uid))
        {
            throw ApiErrors.ModifiedConflict(kind, key.Name);
        }

        JsonObject before = current.ToJson();
        JsonObject after;
        if (subresource is null)
        {
            after = (JsonObject)body.DeepClone();
            if (kind.HasSubresource("status"))
            {
                after.SetCopy("status", before["status"]);
            }

            KeepSystemFields(before.Ensure("metadata"), after.Ensure("metadata"));
            bool specChanged = !Spec(before).SameAs(Spec(after));
            after.Ensure("metadata")["generation"] = current.Metadata.Generation + (specChanged ? 1 : 0);
        }
        else
        {
            after = (JsonObject)before.DeepClone();
            string part = subresource is "finalize" or "scale" ? "spec" : "status";
            after.SetCopy(part, body[part]);
        }

        return Commit(collection, current, after);
    }

    private ObjectDocument Commit(FakeCollection collection, ObjectDocument current, JsonObject after)
    {
        if (current.ToJson().SameAs(WithRevision(after, current.ResourceVersion)))
        {
            return current;
        }

        ObjectDocument stored = Store(collection, after);
        return IsGone(stored) ? Remove(collection, stored) : stored;
    }

    private ObjectDocument Delete(FakeCollection collection, ObjectDocument current, DeleteQuery query)
    {
        JsonObject json = current.ToJson();
        JsonObject metadata = json.Ensure("metadata");
        bool isPod = collection.Kind.Kind == "Pod";
        long grace = !isPod || json.TextOrEmpty("spec", "nodeName").Length == 0 || json.Text("status", "phase") is "Succeeded" or "Failed"
            ? 0
            : query.GracePeriodSeconds ?? json.Integer("spec", "terminationGracePeriodSeconds") ?? 30;
        string? finalizer = query.PropagationPolicy switch
        {
            "Foreground" => "foregroundDeletion",
            "Orphan" => "orphan",
            _ => null,
        };
        if (finalizer is not null && !metadata.Texts("finalizers").Contains(finalizer))
        {
            metadata.EnsureArray("finalizers").Add(finalizer);
        }

        if (current.Metadata.DeletionTimestamp is null || grace < (current.Metadata.DeletionGracePeriodSeconds ?? 0))
        {
            metadata["deletionTimestamp"] = Format(time.GetUtcNow() + TimeSpan.FromSeconds(grace));
            metadata["deletionGracePeriodSeconds"] = grace;
        }

        if (collection.Kind.Kind == "Namespace")
        {
            json.Ensure("status")["phase"] = "Terminating";
        }

        // As upstream: what nothing holds back goes in one step, and no watcher sees it marked first.
        ObjectDocument marked = DraftDocument.From(json).Stamp(current.Revision);
        return IsGone(marked) ? Remove(collection, marked) : Commit(collection, current, json);
    }

    private ObjectDocument Store(FakeCollection collection, JsonObject json)
    {
        ObjectDocument stored = DraftDocument.From(json).Stamp(++_revision);
        collection.Set(stored);
        return stored;
    }

    private ObjectDocument Remove(FakeCollection collection, ObjectDocument last)
    {
        ObjectDocument removed = DraftDocument.From(last).Stamp(++_revision);
        collection.Remove(removed);
        return removed;
    }

    private void RefuseInTerminatingNamespace(KindDefinition kind, ObjectKey key)
    {
        if (key.Namespace.Length > 0
            && Collection(Kind("Namespace")).Find(ObjectKey.Cluster(key.Namespace)) is { Metadata.IsBeingDeleted: true })
        {
            throw ApiErrors.Forbidden(
                kind.Group, kind.Plural, key.Name, $"unable to create new content in namespace {key.Namespace} because it is being terminated");
        }
    }

    private void Record(string verb, KindDefinition kind, string? subresource, ObjectKey key)
    {
        string line = $"{verb} {kind.Plural}{(subresource is null ? "" : "/" + subresource)} {key}";
        if (Refuse(line) is { } refusal)
        {
            throw refusal;
        }

        _writes.Add(line);
    }

    private FakeCollection Collection(KindDefinition kind)
    {
        if (!_collections.TryGetValue(kind.Collection, out FakeCollection? collection))
        {
            _collections[kind.Collection] = collection = new FakeCollection(kind, _gate);
        }

        return collection;
    }

    private static ObjectDocument Require(FakeCollection collection, ObjectKey key) =>
        collection.Find(key) ?? throw ApiErrors.NotFound(collection.Kind, key.Name);

    private static bool IsGone(ObjectDocument document) =>
        document.Metadata.IsBeingDeleted
        && document.Metadata.Finalizers.Count == 0
        && (document.Metadata.DeletionGracePeriodSeconds ?? 0) == 0
        && !document.ToJson().Texts("spec", "finalizers").Any();

    private static void KeepSystemFields(JsonObject before, JsonObject after)
    {
        foreach (string name in (ReadOnlySpan<string>)["uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds"])
        {
            after.SetCopy(name, before[name]);
        }
    }

    private static JsonObject Spec(JsonObject json)
    {
        var spec = (JsonObject)json.DeepClone();
        spec.Remove("metadata");
        spec.Remove("status");
        return spec;
    }

    private static JsonObject WithRevision(JsonObject json, string revision)
    {
        var copy = (JsonObject)json.DeepClone();
        copy.Ensure("metadata")["resourceVersion"] = revision;
        return copy;
    }

    private static string Format(DateTimeOffset moment) =>
        moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
