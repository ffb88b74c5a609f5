using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>
/// Nothing is written in a namespace that does not exist (plugin/pkg/admission/namespace/exists): for those who switch
/// NamespaceLifecycle off, which does this too.
/// </summary>
internal sealed class NamespaceExistsPlugin(IRevisionStore store) : IAdmissionPlugin
{
    public string Name => "NamespaceExists";

    public bool IsOnByDefault => false;

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken) =>
        request.Kind.IsNamespaced
        && request.Operation is AdmissionOperation.Create or AdmissionOperation.Update or AdmissionOperation.Delete
        && store.Find(new StoreKey(BuiltInKinds.Namespace.Collection, ObjectKey.Cluster(request.Key.Namespace))) is null
            ? throw ApiErrors.NotFound("", "namespaces", request.Key.Namespace)
            : ValueTask.CompletedTask;
}
