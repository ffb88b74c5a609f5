using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Discovery;

/// <summary>The kinds of one API group by version, preferred version first.</summary>
internal sealed record GroupView(string Name, IReadOnlyList<VersionView> Versions)
{
    /// <summary>Groups in discovery order; the core group, whose name is empty, comes first.</summary>
    public static IReadOnlyList<GroupView> All(IEnumerable<KindDefinition> kinds) =>
    [
        .. kinds.GroupBy(kind => kind.Group, StringComparer.Ordinal)
            .Select(group => new GroupView(
                group.Key,
                [
                    .. group.GroupBy(kind => kind.Version, StringComparer.Ordinal)
                        .Select(version => new VersionView(group.Key, version.Key, [.. version])),
                ])),
    ];
}
