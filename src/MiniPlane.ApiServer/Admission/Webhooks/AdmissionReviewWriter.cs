using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Authorization.Reviews;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.Webhooks;

/// <summary>Writes admission.v1.AdmissionReview requests (and v1beta1, which has the same fields).</summary>
internal static class AdmissionReviewWriter
{
    public static string Operation(AdmissionRequest request) => request.Operation switch
    {
        AdmissionOperation.Create => "CREATE",
        AdmissionOperation.Update => "UPDATE",
        AdmissionOperation.Delete => "DELETE",
        _ => "CONNECT",
    };

    /// <summary>The <c>request</c> part; also what CEL expressions know as <c>request</c>.</summary>
    public static JsonObject Request(AdmissionRequest request, KindDefinition kind, string uid)
    {
        JsonObject? obj = WebhookObjects.View(request, request.Object, kind);
        JsonObject? old = WebhookObjects.View(request, request.OldObject, kind);
        var json = new JsonObject
        {
            ["uid"] = uid,
            ["kind"] = Kind(kind, obj ?? old),
            ["resource"] = Resource(kind),
        };
        Text(json, "subResource", request.Subresource);
        json["requestKind"] = Kind(request.RequestKind, WebhookObjects.View(request, request.Object ?? request.OldObject, request.RequestKind));
        json["requestResource"] = Resource(request.RequestKind);
        Text(json, "requestSubResource", request.Subresource);
        Text(json, "name", request.Key.Name);
        Text(json, "namespace", request.Kind.IsNamespace() ? request.Key.Name : request.Key.Namespace);
        json["operation"] = Operation(request);
        json["userInfo"] = UserJson.Of(request.User);
        json["object"] = obj;
        json["oldObject"] = old;
        json["dryRun"] = request.DryRun;
        json["options"] = request.Options.Count > 0 ? request.Options.DeepClone() : null;
        return json;
    }

    public static JsonObject Review(JsonObject request, string version) => new()
    {
        ["kind"] = "AdmissionReview",
        ["apiVersion"] = $"admission.k8s.io/{version}",
        ["request"] = request,
    };

    // A subresource's body says itself of which kind it is.
    private static JsonObject Kind(KindDefinition kind, JsonObject? obj)
    {
        string apiVersion = obj.Text("apiVersion") ?? kind.ApiVersion;
        int slash = apiVersion.IndexOf('/', StringComparison.Ordinal);
        return new JsonObject
        {
            ["group"] = slash < 0 ? "" : apiVersion[..slash],
            ["version"] = apiVersion[(slash + 1)..],
            ["kind"] = obj.Text("kind") ?? kind.Kind,
        };
    }

    private static JsonObject Resource(KindDefinition kind) => new()
    {
        ["group"] = kind.Group,
        ["version"] = kind.Version,
        ["resource"] = kind.Plural,
    };

    private static void Text(JsonObject json, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            json[name] = value;
        }
    }
}
