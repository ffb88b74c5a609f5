using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Strategies;

/// <summary>Daemon sets count the changes of their template in an annotation that stands for a removed field.</summary>
internal static class DaemonSetStrategy
{
    private const string Annotation = "deprecated.daemonset.template.generation";

    public static void PrepareForCreate(JsonObject set) => Write(set, 1);

    public static void PrepareForUpdate(JsonObject set, JsonObject old)
    {
        _ = long.TryParse(
            old.Text("metadata", "annotations", Annotation), NumberStyles.None, CultureInfo.InvariantCulture, out long generation);
        bool isChanged = !set.At("spec", "template").SameAs(old.At("spec", "template"));
        Write(set, isChanged ? generation + 1 : generation);
    }

    private static void Write(JsonObject set, long generation) =>
        set.Ensure("metadata", "annotations")[Annotation] = generation.ToString(CultureInfo.InvariantCulture);
}
