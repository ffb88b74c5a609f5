namespace MiniPlane.Conformance.Tests.Rig;

/// <summary>The published program on the <c>sim</c> backend: everything but what runs inside pods.</summary>
public sealed class SimulatedSite : IAsyncLifetime
{
    private RigSettings? _rig;
    private ControlPlaneProcess? _controlPlane;

    internal RigSettings Rig => _rig ?? throw new InvalidOperationException("The site is not up");

    public async Task InitializeAsync()
    {
        _rig = await RigSettings.LoadAsync();
        _controlPlane = new ControlPlaneProcess(_rig, settings: ["--backend", "sim"]);
        await _controlPlane.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_controlPlane is not null)
        {
            await _controlPlane.DisposeAsync();
        }
    }

    /// <summary>Installs one of the charts below <c>tests/charts</c> in a namespace of its own and waits until it has settled.</summary>
    internal async Task<Kubectl> InstallAsync(string chart, params string[] flags)
    {
        var kubectl = new Kubectl(Rig, _controlPlane!.Kubeconfig, chart, Kubectl.Newest);
        await kubectl.OkAsync("create", "namespace", chart);
        await kubectl.HelmAsync(["install", chart, PathOf(chart), "--wait", "--timeout=120s", .. flags]);
        return kubectl;
    }

    internal string PathOf(string chart) => Path.Combine(Rig.Sources, "tests/charts", chart);
}
