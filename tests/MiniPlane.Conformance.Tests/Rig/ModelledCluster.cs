namespace MiniPlane.Conformance.Tests.Rig;

/// <summary>A cluster whose pods are only a model: for tests of the API and its clients, where no job has to start.</summary>
public sealed class ModelledCluster : IAsyncLifetime
{
    private RigSettings? _rig;
    private ControlPlaneProcess? _controlPlane;

    internal RigSettings Rig => _rig ?? throw new InvalidOperationException("The cluster is not up");

    public async Task InitializeAsync()
    {
        _rig = await RigSettings.LoadAsync();
        _controlPlane = new ControlPlaneProcess(_rig, program: null, ["--backend", "sim"]);
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
    internal async Task<Kubectl> NewNamespaceAsync(string release)
    {
        ControlPlaneProcess controlPlane = _controlPlane ?? throw new InvalidOperationException("The cluster is not up");
        var kubectl = new Kubectl(Rig, controlPlane.Kubeconfig, $"t-{Guid.NewGuid().ToString("n")[..8]}", release);
        await kubectl.OkAsync("create", "namespace", kubectl.Namespace);
        return kubectl;
    }
}
