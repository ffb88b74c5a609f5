using System.Globalization;
using System.Text.RegularExpressions;

namespace MiniPlane.Architecture.Tests;

/// <summary>Log events have fixed ids, each room its own thousand, so operators can rely on them.</summary>
public sealed partial class EventIdTests
{
    private static readonly Dictionary<string, int> FirstId = new(StringComparer.Ordinal)
    {
        ["MiniPlane.Objects"] = 1000,
        ["MiniPlane.Store"] = 2000,
        ["MiniPlane.ApiServer"] = 3000,
        ["MiniPlane.Controllers"] = 4000,
        ["MiniPlane.Workloads"] = 5000,
        ["MiniPlane.Dns"] = 6000,
        ["MiniPlane.Agent"] = 7000,
        ["MiniPlane"] = 8000,
        ["MiniPlane.Wire"] = 9000,
        ["MiniPlane.Ingress"] = 10000,
    };

    [Fact]
    public void Every_event_id_is_in_its_rooms_thousand_and_used_once()
    {
        (string File, int Id)[] events =
        [
            .. SourceTree.Files("src", ".cs").SelectMany(file => LoggerMessage().Matches(SourceTree.Read(file))
                .Select(match => (file, int.Parse(match.Groups["id"].ValueSpan, CultureInfo.InvariantCulture)))),
        ];

        Assert.NotEmpty(events);
        Assert.All(events, item => Assert.Equal((item.File, FirstId[item.File.Split('/')[1]]), (item.File, item.Id / 1000 * 1000)));
        Assert.Empty(events.GroupBy(item => item.Id).Where(group => group.Count() > 1).Select(group => (group.Key, group.First().File)));
    }

    [GeneratedRegex(@"LoggerMessage\(\s*(EventId\s*=\s*)?(?<id>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex LoggerMessage();
}
