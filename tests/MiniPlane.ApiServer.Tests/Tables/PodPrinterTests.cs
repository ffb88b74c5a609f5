using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Tables;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Tables;

public sealed class PodPrinterTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"phase":"Pending"}""", "0/1", "Pending", "0")]
    [InlineData("""{"phase":"Running","containerStatuses":[{"name":"a","ready":true,"state":{"running":{}}}]}""", "1/1", "Running", "0")]
    [InlineData(
        """{"phase":"Running","containerStatuses":[{"name":"a","restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":1,"finishedAt":"2026-01-01T11:59:10Z"}}}]}""",
        "0/1",
        "CrashLoopBackOff",
        "4 (50s ago)")]
    [InlineData(
        """{"phase":"Succeeded","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":0,"reason":"Completed"}}}]}""",
        "0/1",
        "Completed",
        "0")]
    [InlineData("""{"phase":"Failed","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":3}}}]}""", "0/1", "ExitCode:3", "0")]
    [InlineData(
        """{"phase":"Failed","containerStatuses":[{"name":"a","state":{"terminated":{"exitCode":137,"signal":9}}}]}""", "0/1", "Signal:9", "0")]
    [InlineData("""{"phase":"Failed","reason":"Evicted"}""", "0/1", "Evicted", "0")]
    [InlineData(
        """{"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"SchedulingGated"}]}""",
        "0/1",
        "SchedulingGated",
        "0")]
    public void The_status_says_what_the_containers_do(string status, string ready, string text, string restarts)
    {
        JsonArray cells = Print(
            $$"""
            {"metadata":{"name":"p"},"spec":{"containers":[{"name":"a"}]},
             "status":{{status}}
            }
            """);

        Assert.Equal([ready, text, restarts], cells.Skip(1).Take(3).Select(cell => cell.Text()));
    }

    [Theory]
    [InlineData("""{"name":"i","state":{"running":{}}}""", "Init:0/2")]
    [InlineData("""{"name":"i","state":{"waiting":{"reason":"PodInitializing"}}}""", "Init:0/2")]
    [InlineData("""{"name":"i","state":{"waiting":{"reason":"ErrImagePull"}}}""", "Init:ErrImagePull")]
    [InlineData("""{"name":"i","state":{"terminated":{"exitCode":2,"reason":"Error"}}}""", "Init:Error")]
    [InlineData("""{"name":"i","state":{"terminated":{"exitCode":0}}},{"name":"j","state":{"running":{}}}""", "Init:1/2")]
    public void An_unfinished_init_container_gives_the_status(string statuses, string text)
    {
        JsonArray cells = Print(
            $$"""
            {"metadata":{"name":"p"},"spec":{"initContainers":[{"name":"i"},{"name":"j"}],"containers":[{"name":"a"}]},
             "status":{"phase":"Pending","initContainerStatuses":[{{statuses}}]
             }
            }
            """);

        Assert.Equal(text, cells[2].Text());
    }

    [Fact]
    public void A_sidecar_counts_among_the_containers()
    {
        JsonArray cells = Print(
            """
            {"metadata":{"name":"p"},"spec":{"initContainers":[{"name":"s","restartPolicy":"Always"}],"containers":[{"name":"a"}]},
             "status":{"phase":"Running","initContainerStatuses":[{"name":"s","started":true,"ready":true,"restartCount":1,"state":{"running":{}}}],
                       "containerStatuses":[{"name":"a","ready":true,"state":{"running":{}}}]}}
            """);

        Assert.Equal(["2/2", "Running", "1"], cells.Skip(1).Take(3).Select(cell => cell.Text()));
    }

    [Fact]
    public void A_deleted_pod_is_terminating_until_it_ended()
    {
        JsonArray cells = Print(
            """
            {"metadata":{"name":"p","deletionTimestamp":"2026-01-01T11:59:00Z"},"spec":{"containers":[{"name":"a"}]},
             "status":{"phase":"Running","containerStatuses":[{"name":"a","ready":true,"state":{"running":{}}}]}}
            """);

        Assert.Equal("Terminating", cells[2].Text());
    }

    // Both ways to a row: from the object while it is written, and from the few fields that are read of a stored one.
    private static JsonArray Print(string json)
    {
        JsonArray cells = PodPrinter.Print(JsonNode.Parse(json)!.AsObject(), Now);
        KindDefinition kind = BuiltInCatalogue.Instance.FindKind("v1", "Pod")!;
        JsonArray stored = TableRows.Cells(kind, new ObjectDocument(Encoding.UTF8.GetBytes(json), 1), Now);
        Assert.Equal(cells.ToJsonString(), stored.ToJsonString());
        return cells;
    }
}
