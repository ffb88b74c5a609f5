namespace MiniPlane.Objects.Apply;

/// <summary>What a write changed, as one version of the kind names it, without the fields that the endpoint does not write.</summary>
/// <param name="Gained">Fields that are new or have another value.</param>
/// <param name="Removed">Fields that are gone.</param>
internal sealed record FieldChanges(FieldSet Gained, FieldSet Removed)
{
    public FieldSet Taken { get; } = Gained.Union(Removed);

    public static FieldChanges Of(ObjectComparison comparison, FieldSet ignored) => new(
        comparison.Added.Union(comparison.Modified).RecursiveDifference(ignored), comparison.Removed.RecursiveDifference(ignored));
}
