using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Tables;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Tables;

public sealed class TableRowsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    public static TheoryData<string> Kinds => [.. BuiltInCatalogue.Instance.Kinds
        .Where(kind => kind.Columns.Count > 0)
        .Select(kind => kind.ToString())];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_row_has_one_cell_for_each_column(string name)
    {
        KindDefinition kind = BuiltInCatalogue.Instance.Kinds.First(kind => kind.ToString() == name);

        JsonArray cells = Cells(kind, """{"metadata":{"name":"a","creationTimestamp":"2026-01-01T11:00:00Z"}}""");

        Assert.Equal(TableColumns.For(kind).Count, cells.Count);
    }

    [Fact]
    public void A_deployment_shows_ready_of_wanted_replicas()
    {
        JsonArray cells = Cells(
            BuiltInKinds.Deployment,
            """
            {"metadata":{"name":"d","creationTimestamp":"2026-01-01T11:58:00Z"},
             "spec":{"replicas":5,"selector":{"matchLabels":{"app":"d"}},"template":{"spec":{"containers":[{"name":"only","image":"o"}]}}},
             "status":{"readyReplicas":1,"replicas":1}}
            """);

        Assert.Equal("""["d","1/5",0,0,"2m","only","o","app=d"]""", cells.ToJsonString());
    }

    [Fact]
    public void A_finished_job_shows_how_long_it_ran()
    {
        JsonArray cells = Cells(
            BuiltInKinds.Job,
            """
            {"metadata":{"name":"j","creationTimestamp":"2026-01-01T11:00:00Z"},
             "spec":{"completions":3,"parallelism":1,"template":{"spec":{"containers":[{"name":"c","image":"i"}]}}},
             "status":{"succeeded":3,"startTime":"2026-01-01T11:00:00Z","completionTime":"2026-01-01T11:00:42Z",
                       "conditions":[{"type":"Complete","status":"True"}]}}
            """);

        Assert.Equal("""["j","Complete","3/3","42s","60m","c","i","\u003Cnone\u003E"]""", cells.ToJsonString());
    }

    [Fact]
    public void A_headless_service_shows_its_ports_and_no_address()
    {
        JsonArray cells = Cells(
            BuiltInKinds.Service,
            """
            {"metadata":{"name":"s","creationTimestamp":"2026-01-01T12:00:00Z"},
             "spec":{"type":"ClusterIP","clusterIP":"None","clusterIPs":["None"],"selector":{"app":"web"},
                     "ports":[{"port":80,"protocol":"TCP"},{"port":53,"protocol":"UDP"}]}}
            """);

        Assert.Equal(["s", "ClusterIP", "None", "<none>", "80/TCP,53/UDP", "0s", "app=web"], cells.Select(cell => cell.Text()));
    }

    [Fact]
    public void A_custom_column_shows_the_first_value_on_its_path()
    {
        KindDefinition kind = BuiltInKinds.Lease with
        {
            Group = "example.test",
            Plural = "widgets",
            Columns =
            [
                new("Name", "string", "name", 0, "", ".metadata.name"),
                new("Size", "integer", "", 0, "", ".spec.size"),
                new("Ready", "string", "", 0, "", """.status.conditions[?(@.type=="Ready")].status"""),
                new("Age", "date", "", 0, "", ".metadata.creationTimestamp"),
                new("Nothing", "string", "", 0, "", ".spec.nothing"),
            ],
        };

        JsonArray cells = Cells(
            kind,
            """
            {"metadata":{"name":"w","creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"size":3},
             "status":{"conditions":[{"type":"Other","status":"False"},{"type":"Ready","status":"True"}]}}
            """);

        Assert.Equal("""["w",3,"True","12h",null]""", cells.ToJsonString());
    }

    [Fact]
    public void A_cluster_role_shows_when_it_was_made() => Assert.Equal(
        """["r","2026-01-01T11:00:00Z"]""",
        Cells(BuiltInKinds.ClusterRole, """{"metadata":{"name":"r","creationTimestamp":"2026-01-01T11:00:00Z"}}""").ToJsonString());

    private static JsonArray Cells(KindDefinition kind, string json) =>
        TableRows.Cells(kind, new ObjectDocument(Encoding.UTF8.GetBytes(json), 1), Now);
}
