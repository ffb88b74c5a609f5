using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Apply;

/// <summary>
/// One write to an object whose managers wrote in several versions of its kind: what the write changed is found out once for each of
/// these versions, and an entry of a version that is gone is dropped (structured-merge-diff, <c>merge.Updater</c>).
/// </summary>
internal sealed class VersionedOwnership(
    TypeDefinition type, FieldManager manager, FieldSet ignored, DateTimeOffset now, IVersionSource versions)
{
    private readonly Dictionary<string, FieldChanges> _changes = new(StringComparer.Ordinal);

    public async ValueTask TrackAsync(
        JsonObject live, JsonObject changed, List<ManagedFieldsEntry> entries, CancellationToken cancellationToken)
    {
        entries.RemoveAll(IsGone);
        var comparison = ObjectComparison.Of(type, live, changed);
        FieldSet own = entries.Find(entry => entry.IsOf(manager, isApply: false))?.Fields ?? new FieldSet();
        FieldSet updated = ManagedFieldsList.Strip(
            own.Difference(comparison.Removed).Union(comparison.Added).Union(comparison.Modified).RecursiveDifference(ignored));
        _changes[manager.ApiVersion] = FieldChanges.Of(comparison, ignored);
        List<ManagedFieldsEntry> others = [.. entries.Where(entry => !entry.IsOf(manager, isApply: false))];
        await CompareAsync(others, live, changed, cancellationToken);
        List<ManagedFieldsEntry> result = [.. others.Select(Rest)];
        result.Add(FieldOwnership.Stamp(entries, manager, isApply: false, updated, now));
        ManagedFieldsList.Write(changed, FieldOwnership.Cap(result));
    }

    public async ValueTask<JsonObject> ApplyAsync(
        JsonObject live, JsonObject configuration, List<ManagedFieldsEntry> entries, bool force, CancellationToken cancellationToken)
    {
        entries.RemoveAll(IsGone);
        var written = FieldSetBuilder.Build(type, configuration);
        FieldSet applied = ManagedFieldsList.Strip(written.RecursiveDifference(ignored));
        ManagedFieldsEntry? last = entries.Find(entry => entry.IsOf(manager, isApply: true));
        List<ManagedFieldsEntry> others = [.. entries.Where(entry => !entry.IsOf(manager, isApply: true))];
        JsonObject merged = ObjectMerger.Merge(type, live, configuration);
        if (last is not null && (last.Manager.ApiVersion != manager.ApiVersion || !last.Fields.Difference(applied).IsEmpty))
        {
            // All that is written counts: the name is nobody's own, yet it keeps the metadata there when the last label goes.
            ManagedFieldsEntry mine = new(manager, IsApply: true, "", written);
            merged = await new VersionedPruning(versions).PruneAsync(merged, last, [.. others, mine], manager.ApiVersion, cancellationToken);
        }

        _changes[manager.ApiVersion] = FieldChanges.Of(ObjectComparison.Of(type, live, merged), ignored);
        await CompareAsync(others, live, merged, cancellationToken);
        if (!force)
        {
            FieldOwnership.ThrowOnConflicts(
                others, entry => _changes[entry.Manager.ApiVersion].Gained, () => LastApplied.AllowedConflicts(type, live, manager));
        }

        List<ManagedFieldsEntry> result = [.. others.Select(Rest)];
        result.Add(FieldOwnership.Stamp(entries, manager, isApply: true, applied, now));
        ManagedFieldsList.Write(merged, result);
        LastApplied.Refresh(merged, configuration, manager);
        return merged;
    }

    private bool IsGone(ManagedFieldsEntry entry) => versions.FindType(entry.Manager.ApiVersion) is null;

    private ManagedFieldsEntry Rest(ManagedFieldsEntry entry) =>
        entry with { Fields = entry.Fields.Difference(_changes[entry.Manager.ApiVersion].Taken) };

    private async ValueTask CompareAsync(
        List<ManagedFieldsEntry> others, JsonObject before, JsonObject after, CancellationToken cancellationToken)
    {
        foreach (string version in others.Select(entry => entry.Manager.ApiVersion).Distinct(StringComparer.Ordinal))
        {
            if (!_changes.ContainsKey(version) && versions.FindType(version) is { } versionType)
            {
                JsonObject old = await versions.ConvertAsync(before, version, cancellationToken);
                JsonObject current = await versions.ConvertAsync(after, version, cancellationToken);
                _changes[version] = FieldChanges.Of(ObjectComparison.Of(versionType, old, current), ignored);
            }
        }
    }
}
