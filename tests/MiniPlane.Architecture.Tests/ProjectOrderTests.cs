using System.Xml.Linq;

namespace MiniPlane.Architecture.Tests;

/// <summary>A room knows only the rooms before it, so a wrong turn does not compile.</summary>
public sealed class ProjectOrderTests
{
    // Each room and the rooms it may know. The list is in the order in which data flows.
    private static readonly Dictionary<string, string[]> MayKnow = new(StringComparer.Ordinal)
    {
        ["MiniPlane.Objects"] = [],
        ["MiniPlane.Store"] = ["MiniPlane.Objects"],
        ["MiniPlane.Store.LiteDb"] = ["MiniPlane.Objects", "MiniPlane.Store"],
        ["MiniPlane.Wire"] = ["MiniPlane.Objects"],
        ["MiniPlane.Cel"] = ["MiniPlane.Objects"],
        ["MiniPlane.ApiServer"] = ["MiniPlane.Objects", "MiniPlane.Store", "MiniPlane.Wire", "MiniPlane.Cel"],
        ["MiniPlane.Controllers"] = ["MiniPlane.Objects"],
        ["MiniPlane.Dns"] = ["MiniPlane.Objects", "MiniPlane.Wire"],
        ["MiniPlane.Ingress"] = ["MiniPlane.Objects"],
        ["MiniPlane.Workloads"] = ["MiniPlane.Objects", "MiniPlane.Wire"],
        ["MiniPlane.Agent"] = ["MiniPlane.Objects", "MiniPlane.Wire"],
        ["MiniPlane"] =
        [
            "MiniPlane.Objects", "MiniPlane.Store", "MiniPlane.Store.LiteDb", "MiniPlane.Wire", "MiniPlane.ApiServer", "MiniPlane.Controllers",
            "MiniPlane.Dns", "MiniPlane.Ingress", "MiniPlane.Workloads",
        ],
    };

    public static TheoryData<string> Rooms => [.. SourceTree.Files("src", ".csproj").Select(file => Path.GetFileNameWithoutExtension(file))];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_refers_only_to_rooms_it_may_know(string room)
    {
        Assert.Contains(room, MayKnow.Keys);

        string[] known = [.. ReferencesOf($"src/{room}/{room}.csproj")];

        Assert.Empty(known.Except(MayKnow[room], StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void A_room_has_tests(string room)
    {
        string[] tested =
        [
            .. SourceTree.Files("tests", ".csproj")
                .Where(file => file.EndsWith(".Tests.csproj", StringComparison.Ordinal))
                .SelectMany(ReferencesOf),
        ];

        Assert.Contains(room, tested);
    }

    private static IEnumerable<string> ReferencesOf(string project) =>
        XDocument.Parse(SourceTree.Read(project)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension((string?)reference.Attribute("Include") ?? ""));
}
