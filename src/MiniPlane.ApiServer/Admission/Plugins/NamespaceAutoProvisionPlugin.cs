using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>
/// Makes the namespace of a new object where there is none (plugin/pkg/admission/namespace/autoprovision). It comes before
/// NamespaceLifecycle, which would refuse the object. The client is asked for late, because its writes pass this plug-in too.
/// </summary>
internal sealed class NamespaceAutoProvisionPlugin(IRevisionStore store, Lazy<IClusterClient> cluster) : IAdmissionPlugin
{
    public string Name => "NamespaceAutoProvision";

    public bool IsOnByDefault => false;

    public async ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        string name = request.Key.Namespace;
        if (request.Operation != AdmissionOperation.Create || request.DryRun || !request.Kind.IsNamespaced || name.Length == 0
            || store.Find(new StoreKey(BuiltInKinds.Namespace.Collection, ObjectKey.Cluster(name))) is not null)
        {
            return;
        }

        var body = new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = name },
        };
        try
        {
            await cluster.Value.CreateAsync(BuiltInKinds.Namespace, body, cancellationToken);
        }
        catch (ApiException error) when (error.Reason == "AlreadyExists")
        {
            // Somebody else was faster, which serves as well.
        }
    }
}
