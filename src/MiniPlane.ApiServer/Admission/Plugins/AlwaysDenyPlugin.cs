namespace MiniPlane.ApiServer.Admission.Plugins;

/// <summary>Refuses everything; for tests of clients.</summary>
internal sealed class AlwaysDenyPlugin : IAdmissionPlugin
{
    public string Name => "AlwaysDeny";

    public bool IsOnByDefault => false;

    public ValueTask AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken) =>
        throw request.Forbidden("admission control is denying all modifications");
}
