using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Apply;

/// <summary>
/// Takes away what an applier wrote last time and leaves out now, in the version it wrote last time. What anybody else owns is put back,
/// in the version of each owner (structured-merge-diff, <c>Updater.prune</c>).
/// </summary>
internal sealed class VersionedPruning(IVersionSource versions)
{
    /// <summary>
    /// <paramref name="merged"/> without what is dropped, in <paramref name="apiVersion"/>. <paramref name="owners"/> are all entries,
    /// with what the applier says now instead of <paramref name="last"/>.
    /// </summary>
    public async ValueTask<JsonObject> PruneAsync(
        JsonObject merged, ManagedFieldsEntry last, IReadOnlyList<ManagedFieldsEntry> owners, string apiVersion, CancellationToken cancellationToken)
    {
        string lastVersion = last.Manager.ApiVersion;
        FieldSet lastFields = last.Fields.WithNamedParents();
        JsonObject whole = await versions.ConvertAsync(merged, lastVersion, cancellationToken);
        JsonObject pruned = Without(lastVersion, whole, lastFields);

        // The version of the last time first: a webhook may not like an object that lacks what was only just taken away.
        foreach (string version in owners.Select(owner => owner.Manager.ApiVersion).Distinct(StringComparer.Ordinal)
            .OrderBy(version => version == lastVersion ? 0 : 1))
        {
            FieldSet owned = owners.Where(owner => owner.Manager.ApiVersion == version)
                .Aggregate(new FieldSet(), (all, owner) => all.Union(owner.Fields)).WithNamedParents();
            JsonObject wholeHere = await versions.ConvertAsync(merged, version, cancellationToken);
            JsonObject prunedHere = await versions.ConvertAsync(pruned, version, cancellationToken);
            pruned = Without(version, wholeHere, Lost(version, wholeHere, prunedHere).Difference(owned));
        }

        // What another version's way of putting things lost besides was never the applier's to take away.
        pruned = await versions.ConvertAsync(pruned, lastVersion, cancellationToken);
        pruned = Without(lastVersion, whole, Lost(lastVersion, whole, pruned).Intersection(lastFields));
        return await versions.ConvertAsync(pruned, apiVersion, cancellationToken);
    }

    private FieldSet Lost(string version, JsonObject whole, JsonObject pruned) =>
        FieldSetBuilder.Build(TypeOf(version), whole).WithNamedParents()
            .Difference(FieldSetBuilder.Build(TypeOf(version), pruned).WithNamedParents());

    private JsonObject Without(string version, JsonObject obj, FieldSet fields)
    {
        var copy = (JsonObject)obj.DeepClone();
        ItemRemover.Remove(TypeOf(version), copy, fields);
        return copy;
    }

    private TypeDefinition TypeOf(string version) =>
        versions.FindType(version) ?? throw new InvalidOperationException($"there is no version {version}");
}
