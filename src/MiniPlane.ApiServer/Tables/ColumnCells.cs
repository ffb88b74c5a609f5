using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tables;

/// <summary>
/// Cells of columns that are a JSONPath, as custom kinds declare them (apiextensions-apiserver's table convertor): the first value
/// found, dates as ages, null where there is nothing or something of another type.
/// </summary>
internal static class ColumnCells
{
    public static JsonArray Of(IReadOnlyList<ColumnDefinition> columns, JsonObject obj, DateTimeOffset now)
    {
        var cells = new JsonArray();
        foreach (ColumnDefinition column in columns)
        {
            cells.Add(Of(column, obj, now));
        }

        return cells;
    }

    private static JsonNode? Of(ColumnDefinition column, JsonObject obj, DateTimeOffset now)
    {
        // The plain table of upstream's default convertor shows the time itself.
        if (column.Name == "Created At")
        {
            return obj.Text("metadata", "creationTimestamp");
        }

        if (column.Path is null)
        {
            return column.Name == "Age" ? Cell.Age(obj, now) : Cell.Name(obj);
        }

        JsonNode? found = ColumnPath.Evaluate(obj, column.Path).FirstOrDefault();
        return column.Type switch
        {
            "date" => found.Text() is { } time ? Cell.Since(time, now) : null,
            "integer" => found.Integer(),
            "number" => found?.GetValueKind() == System.Text.Json.JsonValueKind.Number ? found.DeepClone() : null,
            "boolean" => found.Flag(),
            _ => found is null ? null : Cell.Scalar(found),
        };
    }
}
