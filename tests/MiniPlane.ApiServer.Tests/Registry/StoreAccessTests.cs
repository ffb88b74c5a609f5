using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Tests.Registry;

public class StoreAccessTests
{
    private static readonly WriteScope Client = WriteScope.ForInternal() with { User = new UserInfo { Name = "jane" } };

    [Fact]
    public async Task A_client_is_told_to_come_back_when_the_disk_cannot_keep_up_and_the_server_itself_waits()
    {
        var disk = new StuckStore();
        await using var store = disk;
        var access = new StoreAccess(disk, new KindCatalogue());
        var waiting = new List<Task>();
        for (int i = 0; i < 768; i++)
        {
            waiting.Add(WriteAsync(access, i, Client));
        }

        ApiException refusal = await Assert.ThrowsAsync<ApiException>(() => WriteAsync(access, 768, Client));
        Task own = WriteAsync(access, 769, WriteScope.ForInternal());
        Assert.Equal((429, 1), (refusal.Code, refusal.RetryAfterSeconds));
        Assert.False(own.IsCompleted);

        disk.Go();
        await Task.WhenAll([.. waiting, own]);
        await WriteAsync(access, 770, Client);
    }

    private static Task WriteAsync(StoreAccess access, int number, WriteScope scope)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"map-{number}");
        var body = new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } };
        return access.TryWriteAsync(BuiltInKinds.ConfigMap, new ObjectKey("default", name), 0, body, false, scope, CancellationToken.None).AsTask();
    }

    /// <summary>A store whose disk takes its time.</summary>
    private sealed class StuckStore : IRevisionStore
    {
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Revision => 1;

        public IReadOnlyCollection<string> Collections => [];

        public void Go() => _gate.SetResult();

        public ObjectDocument? Find(StoreKey key) => null;

        public CollectionSnapshot Read(string collection) => throw new InvalidOperationException("Nobody reads here.");

        public IStoreWatch Watch(string collection, string? ns, long afterRevision) => throw new InvalidOperationException("Nobody watches here.");

        public async ValueTask<WriteOutcome> WriteAsync(StoreWrite write, CancellationToken cancellationToken)
        {
            await _gate.Task;
            return new WriteOutcome.Written(write.Draft.Stamp(2));
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
