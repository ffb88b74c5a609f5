using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.ApiServer.Selection;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Selectors;
using MiniPlane.Store;
using MiniPlane.Store.Memory;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Tests.Selection;

public sealed class SelectionIndexesTests : IAsyncLifetime
{
    private const int Pods = 300;

    private static readonly KindDefinition Kind = new KindCatalogue().FindKind("v1", "Pod")!;

    private readonly IRevisionStore _store = MemoryRevisionStore.Open(new StoreOptions { Kind = StoreKind.Memory }, NullLoggerFactory.Instance);
    private readonly SelectionIndexes _indexes;

    public SelectionIndexesTests() =>
        _indexes = new SelectionIndexes(_store, NullLogger<SelectionIndexes>.Instance, TimeProvider.System);

    public async Task InitializeAsync()
    {
        for (int i = 0; i < Pods; i++)
        {
            await PutAsync(i, i % 10, i % 7);
        }
    }

    public async Task DisposeAsync()
    {
        _indexes.Dispose();
        await _store.DisposeAsync();
    }

    [Theory]
    [InlineData("group=g3", "")]
    [InlineData("group=g3,parity=odd", "")]
    [InlineData("group=g3,parity!=odd", "")]
    [InlineData("parity=odd", "")]
    [InlineData("group=nobody", "")]
    [InlineData("missing=", "")]
    [InlineData("!group", "")]
    [InlineData("", "spec.nodeName=n4")]
    [InlineData("", "spec.nodeName=")]
    [InlineData("", "metadata.name=p17")]
    [InlineData("", "metadata.name=p17,spec.nodeName!=n4")]
    [InlineData("group in (g1,g2)", "spec.nodeName=n1,status.phase=")]
    public async Task What_they_find_is_what_looking_at_everything_finds(string labels, string fields)
    {
        var random = new Random(5);
        var filter = ObjectFilter.From(Kind, labels.Length > 0 ? LabelSelectorParser.Parse(labels) : null, fields);
        CollectionSnapshot first = _store.Read("pods");
        for (int round = 0; round < 20; round++)
        {
            CollectionSnapshot snapshot = _store.Read("pods");
            foreach (string? ns in (string?[])[null, "even", "odd", "none"])
            {
                Check(snapshot, filter, ns, null);
                Check(snapshot, filter, ns, new ObjectKey("even", $"p{random.Next(Pods)}"));
            }

            Check(first, filter, null, null);
            int pod = random.Next(Pods);
            if (random.Next(4) == 0)
            {
                await DeleteAsync(pod);
            }
            else
            {
                await PutAsync(pod, random.Next(10), random.Next(7));
            }
        }
    }

    private void Check(CollectionSnapshot snapshot, ObjectFilter filter, string? ns, ObjectKey? after) => Assert.Equal(
        snapshot.Range(ns, after).Where(filter.Matches), _indexes.Matching("pods", snapshot, filter, ns, after));

    private static StoreKey Key(int pod) => new("pods", new ObjectKey(pod % 2 == 0 ? "even" : "odd", $"p{pod}"));

    private async Task PutAsync(int pod, int group, int node)
    {
        StoreKey key = Key(pod);
        var json = new JsonObject
        {
            ["kind"] = "Pod",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject
            {
                ["name"] = key.Object.Name,
                ["namespace"] = key.Object.Namespace,
                ["labels"] = new JsonObject { ["group"] = $"g{group}", ["parity"] = key.Object.Namespace },
            },
            ["spec"] = node == 0 ? [] : new JsonObject { ["nodeName"] = $"n{node}" },
        };
        long expected = _store.Find(key)?.Revision ?? 0;
        Assert.IsType<WriteOutcome.Written>(
            await _store.WriteAsync(new StoreWrite(key, expected, DraftDocument.From(json), false), CancellationToken.None));
    }

    private async Task DeleteAsync(int pod)
    {
        if (_store.Find(Key(pod)) is { } found)
        {
            await _store.WriteAsync(new StoreWrite(Key(pod), found.Revision, DraftDocument.From(found), true), CancellationToken.None);
        }
    }
}
