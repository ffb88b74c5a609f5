using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.ApiServer.Tables;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Bodies;

/// <summary>Objects and lists in the forms that <c>as=</c> asks for.</summary>
internal static class Shapes
{
    public static JsonObject Metadata(ObjectDocument document) => new()
    {
        ["kind"] = "PartialObjectMetadata",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = JsonNode.Parse(DocumentSlices.Metadata(document).Span),
    };

    /// <summary>A Table with the rows of <paramref name="documents"/>.</summary>
    public static JsonObject Table(ApiRequest request, IEnumerable<ObjectDocument> documents, JsonObject metadata, bool withColumns)
    {
        DateTimeOffset now = request.Now;
        var rows = new JsonArray();
        foreach (ObjectDocument document in documents)
        {
            rows.Add(new JsonObject
            {
                ["cells"] = TableRows.Cells(request.Kind, document, now),
                ["object"] = RowObject(request, document),
            });
        }

        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = metadata,
            ["columnDefinitions"] = withColumns ? TableColumns.For(request.Kind) : null,
            ["rows"] = rows,
        };
    }

    /// <summary>The Table of one object.</summary>
    public static JsonObject Table(ApiRequest request, ObjectDocument document, bool withColumns) => Table(
        request, [document], new JsonObject { ["resourceVersion"] = document.ResourceVersion }, withColumns);

    /// <summary>A bookmark in a watch of Tables: one row without cells, which carries the bookmark.</summary>
    public static JsonObject BookmarkTable(JsonObject bookmark, string version) => new()
    {
        ["kind"] = "Table",
        ["apiVersion"] = "meta.k8s.io/v1",
        ["metadata"] = new JsonObject { ["resourceVersion"] = version },
        ["columnDefinitions"] = new JsonArray(),
        ["rows"] = new JsonArray(new JsonObject { ["cells"] = new JsonArray(), ["object"] = bookmark }),
    };

    public static JsonObject List(ApiRequest request, ListPage page)
    {
        if (request.Format.Shape == AnswerShape.Table)
        {
            return Table(request, page.Items, ListMetadata(page), true);
        }

        bool isPartial = request.Format.Shape == AnswerShape.Metadata;
        var items = new JsonArray();
        foreach (ObjectDocument document in page.Items)
        {
            JsonObject item = isPartial ? Metadata(document) : document.ToJson();
            if (!isPartial && !request.Kind.KeepsItemHeads())
            {
                item.Remove("kind");
                item.Remove("apiVersion");
            }

            items.Add(item);
        }

        return new JsonObject
        {
            ["kind"] = isPartial ? "PartialObjectMetadataList" : request.Kind.ListKind,
            ["apiVersion"] = isPartial ? "meta.k8s.io/v1" : request.Kind.ApiVersion,
            ["metadata"] = ListMetadata(page),
            ["items"] = items,
        };
    }

    public static JsonObject ListMetadata(ListPage page)
    {
        var metadata = new JsonObject { ["resourceVersion"] = page.Revision.ToString(CultureInfo.InvariantCulture) };
        if (page.Continue.Length > 0)
        {
            metadata["continue"] = page.Continue;
        }

        if (page.Remaining is { } remaining)
        {
            metadata["remainingItemCount"] = remaining;
        }

        return metadata;
    }

    // includeObject: the metadata by default, the whole object or nothing when asked.
    private static JsonObject? RowObject(ApiRequest request, ObjectDocument document) => request.Query("includeObject") switch
    {
        "None" => null,
        "Object" => document.ToJson(),
        _ => Metadata(document),
    };
}
