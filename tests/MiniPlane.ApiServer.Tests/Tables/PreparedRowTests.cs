using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Tables;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Tables;

public sealed class PreparedRowTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly KindCatalogue Catalogue = new();

    [Theory]
    [InlineData("v1", "Pod", """
        {"metadata":{"name":"p","creationTimestamp":"2026-01-01T11:58:00Z"},"spec":{"nodeName":"n","containers":[{"name":"a","env":[{"name":"x"}]}]},
         "status":{"phase":"Running","podIPs":[{"ip":"10.0.0.1"}],"containerStatuses":[{"name":"a","restartCount":4,"ready":true,"state":{"running":{}},
         "lastState":{"terminated":{"finishedAt":"2026-01-01T11:59:10Z"}}}]}}
        """)]
    [InlineData("v1", "Pod", """{"metadata":{"name":"p"},"spec":{"containers":[]}}""")]
    [InlineData("batch/v1", "Job", """{"metadata":{"name":"j","creationTimestamp":"2026-01-01T11:00:00Z"},"spec":{},"status":{"startTime":"2026-01-01T11:30:00Z"}}""")]
    [InlineData("v1", "ConfigMap", """{"metadata":{"name":"c","creationTimestamp":"2025-01-01T11:00:00Z"},"data":{"a":"b"}}""")]
    public void It_shows_what_the_printer_shows_at_any_time(string apiVersion, string kindName, string json)
    {
        KindDefinition kind = Catalogue.FindKind(apiVersion, kindName)!;
        ObjectDocument document = Document(json);

        foreach (int minutes in (int[])[0, 3, 700, 90_000])
        {
            DateTimeOffset time = Now.AddMinutes(minutes);

            Assert.Equal(TableRows.Cells(kind, document, time).ToJsonString(), Written(kind, document, time).ToJsonString());
        }
    }

    [Theory]
    [InlineData("\u0001")]
    [InlineData("\u00015\u0001")]
    [InlineData("\u0001x\u0001")]
    public void A_mark_in_the_objects_own_text_does_no_harm(string text)
    {
        KindDefinition kind = Catalogue.FindKind("v1", "Secret")!;
        ObjectDocument document = Document(
            new JsonObject { ["metadata"] = new JsonObject { ["name"] = "s" }, ["type"] = text + "tail" }.ToJsonString());

        JsonArray cells = Written(kind, document, Now);

        Assert.Equal(4, cells.Count);
        Assert.EndsWith("tail", cells[1].Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_made_once_for_a_document_and_again_for_another_kind()
    {
        KindDefinition kind = Catalogue.FindKind("v1", "Pod")!;
        ObjectDocument document = Document("""{"metadata":{"name":"p"}}""");

        var row = PreparedRow.Of(kind, document);

        Assert.Same(row, PreparedRow.Of(kind, document));
        Assert.NotSame(row, PreparedRow.Of(kind with { Singular = "other" }, document));
    }

    [Fact]
    public void The_row_of_a_pod_is_there_as_soon_as_it_is_written()
    {
        KindDefinition kind = Catalogue.FindKind("v1", "Pod")!;
        var pod = new JsonObject { ["metadata"] = new JsonObject { ["name"] = "p" }, ["status"] = new JsonObject { ["phase"] = "Failed" } };
        var row = PreparedRow.OfWrite(kind, pod);

        ObjectDocument document = DraftDocument.From(pod, row).Stamp(5);

        Assert.NotNull(row);
        Assert.Same(row, PreparedRow.Of(kind, document));
        Assert.Equal("Failed", Written(kind, document, Now)[2].Text());
        Assert.Null(PreparedRow.OfWrite(Catalogue.FindKind("v1", "Secret")!, pod));
    }

    private static ObjectDocument Document(string json) => new(Encoding.UTF8.GetBytes(json), 1);

    private static JsonArray Written(KindDefinition kind, ObjectDocument document, DateTimeOffset now)
    {
        var output = new ArrayBufferWriter<byte>();
        PreparedRow.Of(kind, document).Write(output, now);
        return JsonNode.Parse(output.WrittenSpan)!.AsArray();
    }
}
