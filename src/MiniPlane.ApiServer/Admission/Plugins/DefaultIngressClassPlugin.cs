using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>Gives an ingress that names no class the default one.</summary>
internal sealed class DefaultIngressClassPlugin(IRevisionStore store) : IAdmissionPlugin
{
    private const string DefaultAnnotation = "ingressclass.kubernetes.io/is-default-class";
    private const string OldClassAnnotation = "kubernetes.io/ingress.class";

    public string Name => "DefaultIngressClass";

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Creates("networking.k8s.io", "Ingress") && !request.Object.Has("spec", "ingressClassName")
            && !request.Object.Has("metadata", "annotations", OldClassAnnotation) && Default() is { } name)
        {
            JsonObject spec = request.Wanted().Ensure("spec");
            spec["ingressClassName"] = name;
        }

        return ValueTask.CompletedTask;
    }

    private string? Default() => store.Read(BuiltInKinds.IngressClass.Collection).Range(null, null)
        .Select(document => document.Metadata)
        .Where(metadata => metadata.Annotations.GetValueOrDefault(DefaultAnnotation) == "true")
        .OrderByDescending(metadata => metadata.CreationTimestamp)
        .ThenBy(metadata => metadata.Name, StringComparer.Ordinal)
        .FirstOrDefault()?.Name;
}
