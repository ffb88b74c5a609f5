using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using MiniPlane.Ingress.Routing;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Ingress.Tests.Routing;

public sealed class RoutingTableTests
{
    private static readonly RoutingTable Table = new(
        [
            Route("", "/", "default"),
            Route("a.example", "/", "a"),
            Route("a.example", "/api", "api"),
            Route("a.example", "/api", "exact", isExact: true),
            Route("*.example", "/", "wild"),
        ],
        new Dictionary<string, X509Certificate2>(StringComparer.OrdinalIgnoreCase));

    [Theory]
    [InlineData("a.example", "/x", "a")]
    [InlineData("A.Example", "/x", "a")]
    [InlineData("a.example", "/api/v1", "api")]
    [InlineData("a.example", "/api", "exact")]
    [InlineData("b.example", "/", "wild")]
    [InlineData("c.b.example", "/", "default")]
    [InlineData("other", "/", "default")]
    public void The_most_particular_rule_wins(string host, string path, string backend) =>
        Assert.Equal(backend, Table.Find(host, path)?.Backend?.Name);

    [Fact]
    public void Without_a_rule_there_is_no_route() => Assert.Null(RoutingTable.Empty.Find("a.example", "/"));

    private static Route Route(string host, string path, string backend, bool isExact = false) =>
        new(host, new PathMatch(path, isExact), new Backend(backend, BackendProtocol.Http, [], new StrongBox<int>(-1)), new ObjectKey("default", "i"));
}
