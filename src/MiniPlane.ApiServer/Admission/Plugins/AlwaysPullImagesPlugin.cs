using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>Images are pulled anew each time, so that nobody runs a private one that another user's pull left on the node.</summary>
internal sealed class AlwaysPullImagesPlugin : IAdmissionPlugin
{
    public string Name => "AlwaysPullImages";

    public bool IsOnByDefault => false;

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Creates("", "Pod"))
        {
            JsonObject pod = request.Wanted();
            foreach (JsonObject container in pod.Objects("spec", "initContainers").Concat(pod.Objects("spec", "containers")))
            {
                container["imagePullPolicy"] = "Always";
            }
        }

        return ValueTask.CompletedTask;
    }
}
