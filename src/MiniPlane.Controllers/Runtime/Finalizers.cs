using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Runtime;

/// <summary>Edits <c>metadata.finalizers</c>.</summary>
internal static class Finalizers
{
    public const string Orphan = "orphan";
    public const string Foreground = "foregroundDeletion";

    public static bool Has(this ObjectDocument document, string finalizer) =>
        document.Metadata.Finalizers.Contains(finalizer, StringComparer.Ordinal);

    public static JsonArray Without(ObjectDocument document, string finalizer) =>
        new([.. document.Metadata.Finalizers.Where(name => name != finalizer).Select(name => JsonValue.Create(name))]);
}
