using System.Text.Json.Nodes;
using MiniPlane.ApiServer.CustomResources;
using MiniPlane.ApiServer.CustomResources.Schemas;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Conversions;

/// <summary>
/// Two views of one stored object: <c>events.k8s.io/v1</c> and core Events, <c>autoscaling/v1</c> and <c>v2</c>, and the
/// versions of a custom kind.
/// </summary>
internal static class VersionConversions
{
    private static readonly IVersionConversion[] Conversions = [new EventConversion(), new HorizontalPodAutoscalerConversion()];

    /// <summary>The kind under which objects of <paramref name="kind"/> are stored.</summary>
    public static KindDefinition StorageKind(IKindCatalogue catalogue, KindDefinition kind) =>
        kind.Custom is { } custom ? custom.Storage
            : kind.StorageVersion == kind.Version && kind.StorageGroup == kind.Group ? kind
            : catalogue.FindResource(kind.StorageGroup, kind.StorageVersion, kind.Plural) ?? kind;

    public static void Convert(JsonObject obj, KindDefinition from, KindDefinition to)
    {
        if (ReferenceEquals(from, to) || from.ApiVersion == to.ApiVersion)
        {
            return;
        }

        foreach (IVersionConversion conversion in Conversions)
        {
            if (conversion.Handles(from, to))
            {
                conversion.Convert(obj, to);
            }
        }

        obj["apiVersion"] = to.ApiVersion;
        obj["kind"] = to.Kind;
        if (to.Custom is CustomResource target)
        {
            SchemaPruning.Prune(obj, target.Schema, []);
        }
    }

    public static ObjectDocument Convert(ObjectDocument document, KindDefinition from, KindDefinition to)
    {
        if (ReferenceEquals(from, to) || from.ApiVersion == to.ApiVersion)
        {
            return document;
        }

        JsonObject obj = document.ToJson();
        Convert(obj, from, to);
        return DraftDocument.From(obj).Stamp(document.Revision);
    }
}
