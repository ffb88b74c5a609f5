using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Admission;
using MiniPlane.ApiServer.Admission.Plugins;
using MiniPlane.ApiServer.Authorization.Reviews;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Certificates;

/// <summary>
/// A signing request says who made it, whatever its author wrote, and never changes afterwards; conditions get their times
/// (pkg/registry/certificates/certificates, strategy).
/// </summary>
internal sealed class CertificateRequestIdentity(TimeProvider time) : IAdmissionPlugin
{
    public string Name => "CertificateRequestIdentity";

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Kind is not { Group: "certificates.k8s.io", Kind: "CertificateSigningRequest" } || request.Object is not { } obj)
        {
            return ValueTask.CompletedTask;
        }

        if (request.Creates("certificates.k8s.io", "CertificateSigningRequest"))
        {
            SetAuthor(request, obj);
        }
        else if (request.Operation == AdmissionOperation.Update)
        {
            if (request.Subresource is null)
            {
                obj.SetCopy("spec", request.OldObject.At("spec"));
            }
            else
            {
                SetTimes(obj, request.OldObject);
            }
        }

        return ValueTask.CompletedTask;
    }

    private static void SetAuthor(AdmissionRequest request, JsonObject obj)
    {
        JsonObject spec = obj.Ensure("spec");
        JsonObject user = UserJson.Of(request.User);
        foreach (string field in (ReadOnlySpan<string>)["username", "uid", "groups", "extra"])
        {
            spec.SetCopy(field, user[field]);
        }

        obj.Remove("status");
    }

    private void SetTimes(JsonObject obj, JsonObject? old)
    {
        string now = Timestamps.Text(time.GetUtcNow());
        foreach (JsonObject condition in obj.Objects("status", "conditions"))
        {
            JsonObject? before = old.Objects("status", "conditions").FirstOrDefault(one => one.Text("type") == condition.Text("type"));
            if (!condition.Has("lastTransitionTime"))
            {
                condition["lastTransitionTime"] = before.Text("status") == condition.Text("status")
                    ? before.Text("lastTransitionTime") ?? now
                    : now;
            }

            condition.Default("lastUpdateTime", now);
        }
    }
}
