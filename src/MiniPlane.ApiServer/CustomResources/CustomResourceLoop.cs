using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.CustomResources;

/// <summary>
/// Follows the CustomResourceDefinitions: accepts their names, serves their kinds, and takes their objects away with them. The server is
/// not ready before all stored definitions are served.
/// </summary>
internal sealed partial class CustomResourceLoop(
    IClusterClient cluster,
    KindCatalogue catalogue,
    IRevisionStore store,
    DefinitionCleanupLoop cleanup,
    ILogger<CustomResourceLoop> logger,
    TimeProvider time)
    : BackgroundLoop(logger, time), IHealthCheck
{
    private readonly Dictionary<string, ServedDefinition> _served = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> _definitions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DefinitionEra> _eras = new(StringComparer.Ordinal);
    private volatile bool _isSynced;

    public string Name => "poststarthook/crd-informer-synced";

    public bool IsForLiveness => true;

    public string? Problem() => _isSynced ? null : "not yet finished";

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        KindDefinition kind = cluster.Catalogue.FindKind("apiextensions.k8s.io/v1", "CustomResourceDefinition")
            ?? throw new InvalidOperationException("the catalogue has no CustomResourceDefinition");
        ObjectList list = await cluster.ListAsync(kind, ListQuery.All, cancellationToken);
        _definitions.Clear();
        foreach (ObjectDocument document in list.Items)
        {
            _definitions[document.Metadata.Name] = document.ToJson();
        }

        foreach (string gone in _served.Keys.Where(name => !_definitions.ContainsKey(name)).ToArray())
        {
            Withdraw(gone);
        }

        foreach (ObjectDocument document in list.Items)
        {
            await ReconcileAsync(kind, document, cancellationToken);
        }

        _isSynced = true;
        await foreach (ClusterEvent change in cluster.WatchAsync(kind, ListQuery.All, list.Revision, cancellationToken))
        {
            if (change.Document is not { } document)
            {
                continue;
            }

            if (change.Type == ClusterEventType.Deleted)
            {
                _definitions.Remove(document.Metadata.Name);
                Withdraw(document.Metadata.Name);
                await ReconsiderAsync(kind, document, cancellationToken);
            }
            else
            {
                _definitions[document.Metadata.Name] = document.ToJson();
                await ReconcileAsync(kind, document, cancellationToken);
            }
        }
    }

    private async Task ReconcileAsync(KindDefinition kind, ObjectDocument document, CancellationToken cancellationToken)
    {
        try
        {
            JsonObject definition = document.ToJson();
            if (await AcceptAsync(kind, definition, cancellationToken))
            {
                Serve(definition);
            }

            if (document.Metadata.IsBeingDeleted && document.Metadata.Finalizers.Contains(InstanceRemoval.Finalizer, StringComparer.Ordinal))
            {
                cleanup.Wake();
            }
        }
        catch (ApiException error) when (error.Reason is "Conflict" or "NotFound")
        {
            // The definition moved on meanwhile; its newer state is on its way here.
        }
    }

    // True when the definition as given may be served: its names are settled and written down.
    private async Task<bool> AcceptAsync(KindDefinition kind, JsonObject definition, CancellationToken cancellationToken)
    {
        var decided = (JsonObject)definition.DeepClone();
        string name = definition.TextOrEmpty("metadata", "name");
        AcceptedNames.Decide(decided, _definitions.Where(pair => pair.Key != name).Select(pair => pair.Value), Time.GetUtcNow());
        if (decided.SameAs(definition))
        {
            return DefinitionConditions.IsTrue(definition, DefinitionConditions.Established);
        }

        if (DefinitionConditions.IsTrue(decided, DefinitionConditions.Established))
        {
            // Served before it is said to be, so that whoever waits for the condition finds the kind.
            Serve(decided);
        }

        ObjectDocument written = await cluster.UpdateAsync(kind, decided, "status", cancellationToken);
        _definitions[name] = written.ToJson();
        return false;
    }

    private void Serve(JsonObject definition)
    {
        string name = definition.TextOrEmpty("metadata", "name");
        var wanted = ServedDefinition.Of(definition);
        if (_served.GetValueOrDefault(name) == wanted)
        {
            return;
        }

        try
        {
            DefinitionEra? last = _eras.GetValueOrDefault(name);
            DefinitionEra era = last?.Covers(definition) == true ? last : new DefinitionEra(definition);
            IReadOnlyList<CustomVersion> versions = CustomKinds.Of(definition, store.Revision, era.Ended);
            _served[name] = wanted;
            _eras[name] = era;
            catalogue.SetCustom(name, [.. versions.Where(version => version.IsServed).Select(version => version.Kind)]);
            if (last != era)
            {
                last?.Dispose();
            }
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or FormatException)
        {
            LogUnusable(logger, error, name);
        }
    }

    private void Withdraw(string name)
    {
        if (_served.Remove(name))
        {
            catalogue.SetCustom(name, []);
        }

        if (_eras.Remove(name, out DefinitionEra? era))
        {
            era.Dispose();
        }
    }

    // Names that a deleted definition had are free for those that wanted them.
    private async Task ReconsiderAsync(KindDefinition kind, ObjectDocument gone, CancellationToken cancellationToken)
    {
        foreach (string name in _definitions.Keys.Where(name => name != gone.Metadata.Name).ToArray())
        {
            if (!DefinitionConditions.IsTrue(_definitions[name], DefinitionConditions.NamesAccepted)
                && await cluster.FindAsync(kind, ObjectKey.Cluster(name), cancellationToken) is { } waiting)
            {
                await ReconcileAsync(kind, waiting, cancellationToken);
            }
        }
    }

    [LoggerMessage(3090, LogLevel.Warning, "The custom resource definition {Name} cannot be served")]
    private static partial void LogUnusable(ILogger logger, Exception error, string name);
}
