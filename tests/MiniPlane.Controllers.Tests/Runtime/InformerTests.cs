using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Runtime;

public sealed class InformerTests : IAsyncLifetime
{
    private readonly ControllerRig _rig = new();
    private readonly List<string> _seen = [];
    private Informer _informer = null!;

    public async Task InitializeAsync()
    {
        await _rig.CreateAsync("ConfigMap", Make.Object("v1", "ConfigMap", "old"));
        _informer = new Informer(_rig.Cluster.Kind("ConfigMap"), _rig.Cluster, NullLogger<Informer>.Instance, _rig.Time);
        _informer.AddHandler(change =>
        {
            lock (_seen)
            {
                _seen.Add($"{(change.Before is null ? "+" : change.After is null ? "-" : "~")}{change.Current.Metadata.Name}");
            }
        });
        await _informer.StartAsync(CancellationToken.None);
        await _informer.Synced;
    }

    public async Task DisposeAsync()
    {
        await _informer.StopAsync(CancellationToken.None);
        _informer.Dispose();
        await _rig.DisposeAsync();
    }

    [Fact]
    public async Task What_was_there_before_the_start_and_what_comes_later_are_both_seen()
    {
        await _rig.CreateAsync("ConfigMap", Make.Object("v1", "ConfigMap", "new"));

        await _rig.UntilAsync(() => _informer.Find(new ObjectKey("default", "new")) is not null, "the watch brings it");
        Assert.Equal(["+old", "+new"], _seen);
    }

    [Fact]
    public async Task After_an_expired_watch_it_lists_again_and_tells_what_was_missed_once()
    {
        await _rig.CreateAsync("ConfigMap", Make.Object("v1", "ConfigMap", "kept"));
        await _rig.UntilAsync(() => _informer.Count == 2, "both are known");

        _rig.Cluster.ExpireWatches("ConfigMap");
        await _rig.DeleteAsync("ConfigMap", "default", "old");
        await _rig.CreateAsync("ConfigMap", Make.Object("v1", "ConfigMap", "later"));

        await _rig.UntilAsync(() => _informer.Find(new ObjectKey("default", "later")) is not null, "the new list brings it");
        await _rig.UntilAsync(() => _informer.Count == 2, "the deleted one is forgotten");
        Assert.Equal(["+kept", "+later", "+old", "-old"], _seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_index_follows_changes()
    {
        _informer.AddIndex("colour", static document =>
            document.Metadata.Labels.TryGetValue("colour", out string? colour) ? [colour] : []);
        await _rig.CreateAsync("ConfigMap", Make.Object("v1", "ConfigMap", "a").Labels(("colour", "red")));
        await _rig.UntilAsync(() => _informer.ByIndex("colour", "red").Count == 1, "it is indexed");

        _rig.Cluster.Edit("ConfigMap", "default", "a", json => json.Labels(("colour", "blue")));

        await _rig.UntilAsync(() => _informer.ByIndex("colour", "blue").Count == 1, "it moved");
        Assert.Empty(_informer.ByIndex("colour", "red"));
    }
}
