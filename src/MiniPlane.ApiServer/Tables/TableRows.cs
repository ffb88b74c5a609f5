using System.Collections.Frozen;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tables;

/// <summary>
/// The cells that <c>kubectl get</c> shows, as kube-apiserver's printers make them (pkg/printers/internalversion). One line per kind;
/// a kind that is not listed shows what its columns' paths lead to.
/// </summary>
public static class TableRows
{
    private static readonly FrozenDictionary<string, Func<JsonObject, DateTimeOffset, JsonArray>> Printers =
        new Dictionary<string, Func<JsonObject, DateTimeOffset, JsonArray>>(StringComparer.Ordinal)
        {
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>One row's cells, in the order of <see cref="TableColumns.For"/>.</summary>
    public static JsonArray Cells(KindDefinition kind, ObjectDocument document, DateTimeOffset now)
    {
        JsonObject obj = document.ToJson();
        return Printers.TryGetValue(kind.Collection, out Func<JsonObject, DateTimeOffset, JsonArray>? print)
            ? print(obj, now)
            : ColumnCells.Of(TableColumns.Definitions(kind), obj, now);
    }
}
