using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Runtime;

/// <summary>Makes and edits <c>metadata.ownerReferences</c>.</summary>
internal static class OwnerReferences
{
    /// <summary>The reference of a managing controller, as upstream's NewControllerRef makes it.</summary>
    public static JsonObject Controller(KindDefinition kind, ObjectDocument owner) => new()
    {
        ["apiVersion"] = kind.ApiVersion,
        ["kind"] = kind.Kind,
        ["name"] = owner.Metadata.Name,
        ["uid"] = owner.Metadata.Uid,
        ["controller"] = true,
        ["blockOwnerDeletion"] = true,
    };

    /// <summary>The group of an <c>apiVersion</c>; empty for core.</summary>
    public static string GroupOf(string apiVersion) =>
        apiVersion.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? apiVersion[..slash] : "";

    /// <summary>All references as JSON, without those whose uid <paramref name="drop"/> names.</summary>
    public static JsonArray Without(ObjectDocument document, Func<OwnerReference, bool> drop) =>
        new([.. document.Metadata.OwnerReferences.Where(owner => !drop(owner)).Select(ToJson)]);

    public static JsonObject ToJson(OwnerReference owner)
    {
        var json = new JsonObject
        {
            ["apiVersion"] = owner.ApiVersion,
            ["kind"] = owner.Kind,
            ["name"] = owner.Name,
            ["uid"] = owner.Uid,
        };
        if (owner.IsController)
        {
            json["controller"] = true;
        }

        if (owner.BlocksOwnerDeletion)
        {
            json["blockOwnerDeletion"] = true;
        }

        return json;
    }
}
