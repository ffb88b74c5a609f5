using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Conversions;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Registry.Subresources;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.Webhooks;

/// <summary>
/// The objects of a request as a webhook sees them: in the version it asked for, a scale as a Scale; and the way back for what a
/// mutating webhook made of them.
/// </summary>
internal static class WebhookObjects
{
    /// <summary>A copy of the object in that version, or null.</summary>
    public static JsonObject? View(AdmissionRequest request, JsonObject? obj, KindDefinition kind)
    {
        if (obj is null)
        {
            return null;
        }

        if (IsScale(request))
        {
            return ScaleSubresource.Read(request.Kind, obj);
        }

        var copy = (JsonObject)obj.DeepClone();
        if (HoldsKind(request))
        {
            VersionConversions.Convert(copy, request.Kind, kind);
        }

        return copy;
    }

    /// <summary>
    /// Takes over what the webhook changed: converted to the stored version, without unknown fields, with defaults, as if a client
    /// had sent it.
    /// </summary>
    public static void Absorb(AdmissionRequest request, JsonObject changed, KindDefinition kind)
    {
        if (IsScale(request) && request.Object is { } workload)
        {
            ScaleSubresource.SetReplicas(request.Kind, workload, changed.Integer("spec", "replicas") ?? 0);
            return;
        }

        if (HoldsKind(request))
        {
            VersionConversions.Convert(changed, kind, request.Kind);
            var scope = WriteScope.ForInternal();
            changed = DocumentRules.Decode(request.Kind, changed, scope);
        }

        request.Replace(changed);
    }

    private static bool IsScale(AdmissionRequest request) =>
        request is { Subresource: ScaleSubresource.Name, Operation: AdmissionOperation.Update };

    // The body of a binding, an eviction or a stream's options is of another kind.
    private static bool HoldsKind(AdmissionRequest request) =>
        request.Subresource is null or "status" || request.Operation == AdmissionOperation.Update;
}
