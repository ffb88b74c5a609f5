using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tables;

/// <summary><c>kubectl get --subresource=scale</c>: how many there shall be and how many there are.</summary>
internal static class ScaleTable
{
    private static readonly ColumnDefinition[] Columns =
    [
        new("Name", "string", "name", 0, TableColumns.NameDescription, null),
        new("Desired", "integer", "", 0, "How many replicas there shall be.", null),
        new("Available", "integer", "", 0, "How many replicas there are.", null),
        new("Age", "date", "", 0, "How long ago the object was created.", null),
    ];

    public static JsonObject Of(JsonObject scale, string version, DateTimeOffset now)
    {
        JsonArray cells = Cell.Row(
            Cell.Name(scale), scale.Integer("spec", "replicas") ?? 0, scale.Integer("status", "replicas") ?? 0, Cell.Age(scale, now));
        var holder = new JsonObject
        {
            ["kind"] = "PartialObjectMetadata",
            ["apiVersion"] = version,
            ["metadata"] = scale["metadata"]?.DeepClone(),
        };
        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = version,
            ["metadata"] = new JsonObject { ["resourceVersion"] = scale.TextOrEmpty("metadata", "resourceVersion") },
            ["columnDefinitions"] = TableColumns.Head(Columns),
            ["rows"] = new JsonArray(new JsonObject { ["cells"] = cells, ["object"] = holder }),
        };
    }
}
