using System.Diagnostics;

namespace MiniPlane.Testing;

/// <summary>Waits for what another thread is about to do, with a limit and a reason to show when the limit is reached.</summary>
public static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(5);

    /// <summary>Returns when <paramref name="condition"/> holds; throws with <paramref name="because"/> after the limit.</summary>
    public static Task TrueAsync(Func<bool> condition, string because, TimeSpan? limit = null) =>
        TrueAsync(() => Task.FromResult(condition()), because, limit);

    /// <summary>Returns when <paramref name="condition"/> holds; throws with <paramref name="because"/> after the limit.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, string because, TimeSpan? limit = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > (limit ?? Limit))
            {
                throw new TimeoutException($"Not within {(limit ?? Limit).TotalSeconds} s: {because}");
            }

            await Task.Delay(Step, TimeProvider.System, CancellationToken.None);
        }
    }
}
