using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Admission;

/// <summary>
/// Nothing is made in a namespace that does not exist or is going away; the namespaces that the cluster lives on are not deleted
/// (k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle).
/// </summary>
internal sealed class NamespaceLifecycle(IRevisionStore store) : IAdmissionPlugin
{
    private static readonly string[] Immortal = ["default", "kube-system", "kube-public"];

    public string Name => "NamespaceLifecycle";

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Kind is { Group: "", Kind: "Namespace" })
        {
            RefuseImmortal(request);
        }
        else if (request.Kind.IsNamespaced && request.Operation is AdmissionOperation.Create or AdmissionOperation.Update)
        {
            CheckNamespace(request);
        }

        return ValueTask.CompletedTask;
    }

    private static void RefuseImmortal(AdmissionRequest request)
    {
        if (request.Operation == AdmissionOperation.Delete && Immortal.Contains(request.Key.Name, StringComparer.Ordinal))
        {
            throw ApiErrors.Forbidden("", "namespaces", request.Key.Name, "this namespace may not be deleted");
        }
    }

    private void CheckNamespace(AdmissionRequest request)
    {
        string name = request.Key.Namespace;
        ObjectDocument found = store.Find(new StoreKey("namespaces", ObjectKey.Cluster(name)))
            ?? throw ApiErrors.NotFound("", "namespaces", name);
        if (request.Operation == AdmissionOperation.Create && found.Metadata.IsBeingDeleted)
        {
            throw ApiErrors.NamespaceTerminating(request.Kind, request.Key.Name, name);
        }
    }
}
