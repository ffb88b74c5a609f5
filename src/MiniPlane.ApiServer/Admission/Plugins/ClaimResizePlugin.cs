using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Quantities;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>Only claims of a class that says so can grow (plugin/pkg/admission/storage/persistentvolume/resize).</summary>
internal sealed class ClaimResizePlugin(IRevisionStore store) : IAdmissionPlugin
{
    public string Name => "PersistentVolumeClaimResize";

    public ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Operation != AdmissionOperation.Update || !request.Writes("", "PersistentVolumeClaim") || !Grows(request))
        {
            return ValueTask.CompletedTask;
        }

        string name = request.Object.TextOrEmpty("spec", "storageClassName");
        bool isAllowed = name.Length > 0
            && store.Find(new StoreKey(BuiltInKinds.StorageClass.Collection, ObjectKey.Cluster(name)))?.ToJson().Flag("allowVolumeExpansion") == true;
        return isAllowed
            ? ValueTask.CompletedTask
            : throw request.Forbidden(
                "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize");
    }

    private static bool Grows(AdmissionRequest request) =>
        Quantity.TryParse(request.OldObject.Text("spec", "resources", "requests", "storage"), out Quantity before)
        && Quantity.TryParse(request.Object.Text("spec", "resources", "requests", "storage"), out Quantity after)
        && after > before;
}
