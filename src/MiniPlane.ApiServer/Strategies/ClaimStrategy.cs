using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Strategies;

/// <summary>
/// Claims: <c>dataSource</c> and <c>dataSourceRef</c> say the same unless the reference leads to another namespace
/// (pkg/api/persistentvolumeclaim.NormalizeDataSources).
/// </summary>
internal static class ClaimStrategy
{
    public static void Prepare(JsonObject claim)
    {
        JsonObject spec = claim.Ensure("spec");
        if (spec.Object("dataSource") is { } source && !spec.Has("dataSourceRef"))
        {
            spec["dataSourceRef"] = source.DeepClone();
        }
        else if (spec.Object("dataSourceRef") is { } reference && !spec.Has("dataSource") && !reference.Has("namespace"))
        {
            spec["dataSource"] = reference.DeepClone();
        }
    }
}
