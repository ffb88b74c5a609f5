using MiniPlane.ApiServer.Strategies;

namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>
/// Makes services headless and tells the user when a NodePort or LoadBalancer was converted. Our own; upstream has no such rule.
/// </summary>
internal sealed class HeadlessServicesPlugin : IAdmissionPlugin
{
    public string Name => "HeadlessServices";

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Writes("", "Service") && ServiceStrategy.MakeHeadless(request.Wanted()) is { } warning
            && !request.Warnings.Contains(warning))
        {
            request.Warnings.Add(warning);
        }

        return ValueTask.CompletedTask;
    }
}
