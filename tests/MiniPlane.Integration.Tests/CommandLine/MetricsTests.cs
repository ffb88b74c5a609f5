using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MiniPlane.Connection;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

namespace MiniPlane.Integration.Tests.CommandLine;

public sealed partial class MetricsTests(RunningCluster cluster) : IClassFixture<RunningCluster>
{
    private static readonly string[] Suffixes = ["_bucket", "_sum", "_count"];

    [Fact]
    public async Task Every_metric_of_the_dashboard_is_told_by_the_server()
    {
        var dashboard = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "container", "grafana-dashboard.json")));
        string[] wanted =
        [
            .. dashboard.Objects("panels").SelectMany(panel => panel.Objects("targets")).SelectMany(target => Name().Matches(target.TextOrEmpty("expr")))
                .Select(match => Family(match.Value)).Distinct(StringComparer.Ordinal),
        ];

        string text = await MetricsAsync();

        Assert.True(wanted.Length > 10);
        Assert.All(wanted, name => Assert.Contains($"# TYPE {name} ", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_family_is_told_once_and_the_store_counts_its_writes()
    {
        string text = await MetricsAsync();

        Assert.Empty(Type().Matches(text).CountBy(match => match.Value, StringComparer.Ordinal).Where(count => count.Value > 1).Select(count => count.Key));
        Assert.Matches("(?m)^miniplane_store_writes_total\\{result=\"committed\"\\} [1-9]", text);
        Assert.Matches("(?m)^miniplane_store_revision [1-9]", text);

        // Meters are the process's: another test's cluster, whose backend is down for a while, may speak in the same family.
        await Eventually.TrueAsync(
            async () => BackendIsUp().IsMatch(await MetricsAsync()), "the backend is said to be up", TimeSpan.FromSeconds(60));
    }

    private async Task<string> MetricsAsync()
    {
        using var server = ServerConnection.Open(cluster.DataDirectory);
        using var text = new MemoryStream();
        await server.CopyAsync("/metrics", text, CancellationToken.None);
        return Encoding.UTF8.GetString(text.ToArray());
    }

    private static string Family(string name) =>
        Suffixes.FirstOrDefault(suffix => name.EndsWith(suffix, StringComparison.Ordinal)) is { } found ? name[..^found.Length] : name;

    [GeneratedRegex("(?m)^miniplane_backend_up 1$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BackendIsUp();

    [GeneratedRegex("(miniplane|apiserver|workqueue|process)_[a-z_]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Name();

    [GeneratedRegex("(?m)^# TYPE (?<name>\\S+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Type();
}
