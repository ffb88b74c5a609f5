using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>Gives a claim that names no class the default one; the newest if there are several.</summary>
internal sealed class DefaultStorageClassPlugin(IRevisionStore store) : IAdmissionPlugin
{
    private const string DefaultAnnotation = "storageclass.kubernetes.io/is-default-class";
    private const string BetaDefaultAnnotation = "storageclass.beta.kubernetes.io/is-default-class";
    private const string BetaClassAnnotation = "volume.beta.kubernetes.io/storage-class";

    public string Name => "DefaultStorageClass";

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Creates("", "PersistentVolumeClaim") && !request.Object.Has("spec", "storageClassName")
            && !request.Object.Has("metadata", "annotations", BetaClassAnnotation) && Default() is { } name)
        {
            JsonObject spec = request.Wanted().Ensure("spec");
            spec["storageClassName"] = name;
        }

        return ValueTask.CompletedTask;
    }

    private string? Default() => store.Read(BuiltInKinds.StorageClass.Collection).Range(null, null)
        .Select(document => document.Metadata)
        .Where(metadata => metadata.Annotations.GetValueOrDefault(DefaultAnnotation) == "true"
            || metadata.Annotations.GetValueOrDefault(BetaDefaultAnnotation) == "true")
        .OrderByDescending(metadata => metadata.CreationTimestamp)
        .ThenBy(metadata => metadata.Name, StringComparer.Ordinal)
        .FirstOrDefault()?.Name;
}
