namespace MiniPlane.Conformance.Tests.Rig;

/// <summary>One running cluster that a collection of tests shares; each test works in a namespace of its own.</summary>
public sealed class Cluster : IAsyncLifetime
{
    private RigSettings? _rig;
    private ControlPlaneProcess? _controlPlane;

    internal RigSettings Rig => _rig ?? throw new InvalidOperationException("The cluster is not up");

    internal ControlPlaneProcess ControlPlane => _controlPlane ?? throw new InvalidOperationException("The cluster is not up");

    public async Task InitializeAsync()
    {
        _rig = await RigSettings.LoadAsync();
        _controlPlane = new ControlPlaneProcess(_rig);
        await _controlPlane.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_controlPlane is not null)
        {
            await _controlPlane.DisposeAsync();
        }
    }

    /// <summary>A kubectl of the release, in a fresh namespace that is deleted when it is disposed of.</summary>
    internal async Task<Kubectl> NewNamespaceAsync(string release = Kubectl.Newest)
    {
        var kubectl = new Kubectl(Rig, ControlPlane.Kubeconfig, $"t-{Guid.NewGuid().ToString("n")[..8]}", release);
        await kubectl.OkAsync("create", "namespace", kubectl.Namespace);
        return kubectl;
    }
}
