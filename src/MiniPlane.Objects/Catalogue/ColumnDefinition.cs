namespace MiniPlane.Objects.Catalogue;

/// <summary>
/// One column that <c>kubectl get</c> shows (meta.k8s.io/v1 TableColumnDefinition). <see cref="Path"/> is a JSONPath
/// for columns that are a plain field; null where code computes the cell.
/// </summary>
public sealed record ColumnDefinition(
    string Name, string Type, string Format, int Priority, string Description, string? Path);
