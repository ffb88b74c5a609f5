using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.Store.Tests;

/// <summary>Short words for what the tests of this room do all the time.</summary>
internal static class StoreTesting
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static StoreKey Pod(string name, string ns = "default") => new("pods", new ObjectKey(ns, name));

    public static DraftDocument Draft(StoreKey key, string value = "x") => DraftDocument.From(new JsonObject
    {
        ["kind"] = "Pod",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject { ["name"] = key.Object.Name, ["namespace"] = key.Object.Namespace },
        ["spec"] = new JsonObject { ["value"] = value },
    });

    public static string Value(ObjectDocument? document) => document is null
        ? ""
        : (string?)document.ToJson()["spec"]?["value"] ?? "";

    public static async Task<WriteOutcome> PutAsync(IRevisionStore store, StoreKey key, long expected, string value = "x") =>
        await store.WriteAsync(new StoreWrite(key, expected, Draft(key, value), IsDelete: false), CancellationToken.None);

    public static async Task<WriteOutcome> DeleteAsync(IRevisionStore store, StoreKey key, long expected) =>
        await store.WriteAsync(new StoreWrite(key, expected, Draft(key), IsDelete: true), CancellationToken.None);

    /// <summary>Writes and returns the revision; the write must succeed.</summary>
    public static async Task<long> WrittenAsync(Task<WriteOutcome> write) =>
        Assert.IsType<WriteOutcome.Written>(await write).Document.Revision;

    public static async Task<List<StoreEvent>> TakeAsync(IStoreWatch watch, int count)
    {
        using var limit = new CancellationTokenSource(Patience);
        var events = new List<StoreEvent>();
        while (events.Count < count)
        {
            events.Add(await watch.Events.ReadAsync(limit.Token));
        }

        return events;
    }
}
