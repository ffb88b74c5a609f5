using MiniPlane.Store.Revisions;
using static MiniPlane.Store.Tests.StoreTesting;

namespace MiniPlane.Store.Tests.Crashes;

/// <summary>One of several writers that create, update and delete keys of their own, one write at a time, and tell what they do.</summary>
internal sealed class LoadWriter(IRevisionStore store, int number, int seed, Action<string, int?> intend, Action<string, long> acknowledge)
{
    public const int Keys = 12;

    private readonly Random _random = new(unchecked((seed * 31) + number));

    /// <summary>Writes until it is told to stop, or <paramref name="count"/> times.</summary>
    public async Task RunAsync(int count, CancellationToken cancellationToken)
    {
        for (int i = 0; i < count && !cancellationToken.IsCancellationRequested; i++)
        {
            string key = $"w{number}-{_random.Next(Keys)}";
            long expected = store.Find(Pod(key))?.Revision ?? 0;
            bool isDelete = expected > 0 && _random.Next(4) == 0;
            int content = _random.Next(1, 1_000_000);
            intend(key, isDelete ? null : content);
            Task<WriteOutcome> write = isDelete
                ? DeleteAsync(store, Pod(key), expected)
                : PutAsync(store, Pod(key), expected, WriteLedger.Content(content));
            acknowledge(key, await WrittenAsync(write));
        }
    }
}
