using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Tables;

/// <summary>The head of a table (meta.k8s.io/v1 TableColumnDefinition), from the catalogue.</summary>
public static class TableColumns
{
    /// <summary>What the first column of custom kinds is described as.</summary>
    public const string NameDescription = "The name of the object, unique within its namespace and kind.";

    private static readonly ColumnDefinition[] Plain =
    [
        new("Name", "string", "name", 0, NameDescription, null),
        new("Age", "date", "", 0, "How long ago the object was created.", ".metadata.creationTimestamp"),
    ];

    /// <summary>The columns of <paramref name="kind"/>; name and age when it declares none.</summary>
    public static IReadOnlyList<ColumnDefinition> Definitions(KindDefinition kind) => kind.Columns.Count > 0 ? kind.Columns : Plain;

    /// <summary>The <c>columnDefinitions</c> of the answer.</summary>
    public static JsonArray For(KindDefinition kind) => Head(Definitions(kind));

    /// <summary>Columns as they stand in an answer.</summary>
    public static JsonArray Head(IEnumerable<ColumnDefinition> columns) => new([.. columns.Select(ToJson)]);

    private static JsonObject ToJson(ColumnDefinition column) => new()
    {
        ["name"] = column.Name,
        ["type"] = column.Type,
        ["format"] = column.Format,
        ["description"] = column.Description,
        ["priority"] = column.Priority,
    };
}
