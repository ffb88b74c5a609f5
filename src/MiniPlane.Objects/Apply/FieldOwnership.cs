using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Objects.Apply;

/// <summary>
/// Keeps <c>metadata.managedFields</c> true for every write, and merges server-side applies
/// (Kubernetes documentation, "Server-Side Apply"). Pure: objects in, objects out.
/// </summary>
public static class FieldOwnership
{
    private const int MostUpdaters = 10;

    /// <summary>
    /// Records what a create, update or patch changed. <paramref name="changed"/> is the object after decoding and defaulting and
    /// before admission; its <c>managedFields</c> are set. <paramref name="live"/> is null for a create.
    /// <paramref name="ignored"/> are fields this endpoint does not write (<c>f:status</c>, or for status <c>f:spec</c>).
    /// </summary>
    public static void Track(
        TypeDefinition type, JsonObject? live, JsonObject changed, FieldManager manager, FieldSet ignored, DateTimeOffset now)
    {
        if (live is null)
        {
            ManagedFieldsList.WriteFirst(changed, type, manager, ignored, Text(now));
            return;
        }

        TrackEntries(type, live, changed, Before(live, changed, manager), manager, ignored, now);
    }

    /// <summary>
    /// As <see cref="Track"/>, and true for managers that wrote in other versions of the kind. Without such managers it is done when it
    /// returns.
    /// </summary>
    public static ValueTask TrackAsync(
        TypeDefinition type,
        JsonObject live,
        JsonObject changed,
        FieldManager manager,
        FieldSet ignored,
        DateTimeOffset now,
        IVersionSource versions,
        CancellationToken cancellationToken)
    {
        List<ManagedFieldsEntry> entries = Before(live, changed, manager);
        if (AreOfOneVersion(entries, manager))
        {
            TrackEntries(type, live, changed, entries, manager, ignored, now);
            return ValueTask.CompletedTask;
        }

        var ownership = new VersionedOwnership(type, manager, ignored, now, versions);
        return ownership.TrackAsync(live, changed, entries, cancellationToken);
    }

    private static bool AreOfOneVersion(List<ManagedFieldsEntry> entries, FieldManager manager) =>
        entries.TrueForAll(entry => entry.Manager.ApiVersion == manager.ApiVersion);

    private static void TrackEntries(
        TypeDefinition type,
        JsonObject live,
        JsonObject changed,
        List<ManagedFieldsEntry> entries,
        FieldManager manager,
        FieldSet ignored,
        DateTimeOffset now)
    {
        if (entries.Count == 0)
        {
            (changed["metadata"] as JsonObject)?.Remove("managedFields");
            return;
        }

        var comparison = ObjectComparison.Of(type, live, changed);
        FieldSet gained = comparison.Added.Union(comparison.Modified);
        FieldSet own = entries.Find(entry => entry.IsOf(manager, isApply: false))?.Fields ?? new FieldSet();
        FieldSet updated = ManagedFieldsList.Strip(
            own.Difference(comparison.Removed).Union(gained).RecursiveDifference(ignored));
        FieldSet taken = gained.Union(comparison.Removed).RecursiveDifference(ignored);
        var result = new List<ManagedFieldsEntry>(entries.Count + 1);
        foreach (ManagedFieldsEntry entry in entries)
        {
            if (!entry.IsOf(manager, isApply: false))
            {
                FieldSet rest = entry.Fields.Difference(taken);
                result.Add(ReferenceEquals(rest, entry.Fields) ? entry : entry with { Fields = rest });
            }
        }

        result.Add(Stamp(entries, manager, isApply: false, updated, now));
        ManagedFieldsList.Write(changed, Cap(result));
    }

    /// <summary>
    /// Applies a configuration. Returns the merged object with its <c>managedFields</c>; throws Conflict (409) with a cause for each
    /// field that somebody else manages with another value, unless <paramref name="force"/>.
    /// </summary>
    public static JsonObject Apply(
        TypeDefinition type,
        JsonObject? live,
        JsonObject configuration,
        FieldManager manager,
        FieldSet ignored,
        bool force,
        DateTimeOffset now)
    {
        JsonObject before = live ?? EmptyObject(type);
        List<ManagedFieldsEntry> entries = live is null ? [] : ManagedFieldsList.Read(live);
        var written = FieldSetBuilder.Build(type, configuration);
        FieldSet applied = ManagedFieldsList.Strip(written.RecursiveDifference(ignored));
        FieldSet? last = entries.Find(entry => entry.IsOf(manager, isApply: true))?.Fields;
        List<ManagedFieldsEntry> others = [.. entries.Where(entry => !entry.IsOf(manager, isApply: true))];

        JsonObject merged = ObjectMerger.Merge(type, live ?? [], configuration);
        if (last?.Difference(applied) is { IsEmpty: false })
        {
            // The name is nobody's own, yet it keeps the metadata there when the last label of a manager goes.
            FieldSet managed = others.Aggregate(written, (all, entry) => all.Union(entry.Fields));
            FieldSet dropped = FieldSetBuilder.Build(type, merged).WithNamedParents()
                .Intersection(last.WithNamedParents())
                .Difference(managed.WithNamedParents());
            ItemRemover.Remove(type, merged, dropped);
        }

        var comparison = ObjectComparison.Of(type, before, merged);
        FieldSet gained = comparison.Added.Union(comparison.Modified).RecursiveDifference(ignored);
        if (!force)
        {
            ThrowOnConflicts(others, _ => gained, () => LastApplied.AllowedConflicts(type, before, manager));
        }

        FieldSet taken = gained.Union(comparison.Removed.RecursiveDifference(ignored));
        List<ManagedFieldsEntry> result = [.. others.Select(entry => entry with { Fields = entry.Fields.Difference(taken) })];
        result.Add(Stamp(entries, manager, isApply: true, applied, now));
        ManagedFieldsList.Write(merged, result);
        LastApplied.Refresh(merged, configuration, manager);
        return merged;
    }

    /// <summary>
    /// As <see cref="Apply"/>, and true for managers that wrote in other versions of the kind. Without such managers it is done when it
    /// returns.
    /// </summary>
    public static ValueTask<JsonObject> ApplyAsync(
        TypeDefinition type,
        JsonObject live,
        JsonObject configuration,
        FieldManager manager,
        FieldSet ignored,
        bool force,
        DateTimeOffset now,
        IVersionSource versions,
        CancellationToken cancellationToken)
    {
        List<ManagedFieldsEntry> entries = ManagedFieldsList.Read(live);
        return AreOfOneVersion(entries, manager)
            ? ValueTask.FromResult(Apply(type, live, configuration, manager, ignored, force, now))
            : new VersionedOwnership(type, manager, ignored, now, versions)
                .ApplyAsync(live, configuration, entries, force, cancellationToken);
    }

    // A writer may say itself who owns what, as kubectl does when it goes over to server-side apply; one entry without anything in it
    // clears all, and an empty list means nothing (fieldmanager.Update). Through a subresource nobody may.
    private static List<ManagedFieldsEntry> Before(JsonObject live, JsonObject changed, FieldManager manager)
    {
        if (manager.Subresource.Length > 0)
        {
            return ManagedFieldsList.Read(live);
        }

        if (changed["metadata"]?["managedFields"] is not JsonArray { Count: > 0 } given)
        {
            return ManagedFieldsList.Read(live);
        }

        return given is [JsonObject { Count: 0 }] ? [] : ManagedFieldsList.Read(changed);
    }

    internal static ManagedFieldsEntry Stamp(
        List<ManagedFieldsEntry> entries, FieldManager manager, bool isApply, FieldSet fields, DateTimeOffset now)
    {
        if (manager.Subresource == "scale")
        {
            // Upstream copies these entries between the scale and its workload, and loses their time on the way.
            return new ManagedFieldsEntry(manager, isApply, "", fields);
        }

        if (entries.Find(entry => entry.IsOf(manager, isApply)) is not { } last || !last.Fields.SetEquals(fields))
        {
            return new ManagedFieldsEntry(manager, isApply, Text(now), fields);
        }

        // The same fields as before: the set that was read knows its text already.
        return last.Manager == manager ? last : last with { Manager = manager, Time = Text(now) };
    }

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    internal static void ThrowOnConflicts(
        IReadOnlyList<ManagedFieldsEntry> others, Func<ManagedFieldsEntry, FieldSet> gained, Func<FieldSet> allowed)
    {
        List<(ManagedFieldsEntry Entry, string Path)> conflicts =
        [
            .. from entry in others
               from path in entry.Fields.Intersection(gained(entry)).Paths()
               select (entry, PathElements.Format(path)),
        ];
        if (conflicts.Count > 0 && allowed() is { IsEmpty: false } free)
        {
            HashSet<string> paths = [.. free.Paths().Select(PathElements.Format)];
            conflicts.RemoveAll(conflict => paths.Contains(conflict.Path));
        }

        if (conflicts.Count == 0)
        {
            return;
        }

        string text = conflicts.Count == 1
            ? $"conflict with {conflicts[0].Entry.Describe()}: {conflicts[0].Path}"
            : string.Join('\n', conflicts.GroupBy(conflict => conflict.Entry.Describe(), StringComparer.Ordinal)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .SelectMany(group => group.Select(conflict => "- " + conflict.Path).Prepend($"conflicts with {group.Key}:")));
        string noun = conflicts.Count == 1 ? "conflict" : "conflicts";
        throw new ApiException(409, "Conflict", $"Apply failed with {conflicts.Count} {noun}: {text}")
        {
            Causes =
            [
                .. conflicts.Select(conflict => new StatusCause(
                    "FieldManagerConflict", $"conflict with {conflict.Entry.Describe()}", conflict.Path)),
            ],
        };
    }

    // Many updaters with one name each (controllers with a generated name) would grow the object without bound.
    internal static List<ManagedFieldsEntry> Cap(List<ManagedFieldsEntry> entries)
    {
        List<ManagedFieldsEntry> updaters =
        [
            .. entries.Where(entry => !entry.IsApply && !entry.Fields.IsEmpty).OrderBy(entry => entry.Time, StringComparer.Ordinal),
        ];
        if (updaters.Count <= MostUpdaters)
        {
            return entries;
        }

        ManagedFieldsEntry[] oldest = [.. updaters.Take(updaters.Count - MostUpdaters + 1)];
        FieldSet all = oldest.Aggregate(new FieldSet(), (set, entry) => set.Union(entry.Fields));
        ManagedFieldsEntry last = oldest[^1];
        return
        [
            .. entries.Except(oldest),
            last with { Manager = new FieldManager("ancient-changes", last.Manager.ApiVersion, ""), Fields = all },
        ];
    }

    // What an object holds before anyone writes to it.
    internal static JsonObject EmptyObject(TypeDefinition type) => Empty(SchemaNode.Root(type), 0);

    private static JsonObject Empty(SchemaNode schema, int depth)
    {
        var json = new JsonObject();
        foreach ((string name, bool isObject) in schema.ImpliedFields(depth))
        {
            json[name] = isObject ? Empty(schema.Below(name), depth + 1) : null;
        }

        return json;
    }
}
