using System.Globalization;
using MiniPlane.Agent.Views;
using MiniPlane.Objects.Loops;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.Agent.Pods;

/// <summary>
/// Ends a pod whose emptyDir holds more than its sizeLimit, with kubelet's reason and words (eviction manager,
/// emptyDirLimitEviction). Nothing bounds such a directory at the moment of a write; it is measured now and then, as kubelet does.
/// </summary>
internal sealed class EmptyDirLimits(PodServices services, TimeSpan period) : BackgroundLoop(services.Logger, services.Time)
{
    /// <summary>As often as kubelet's eviction manager looks.</summary>
    public static TimeSpan Period { get; } = TimeSpan.FromSeconds(10);

    private static readonly EnumerationOptions Everything = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.None };

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        (string Name, string Text, long Bytes)[] limits = [.. Limits(services.Context.Pod.Spec)];
        while (limits.Length > 0 && !services.Stop.Requested.IsCancellationRequested)
        {
            await Task.Delay(period, Time, cancellationToken);
            foreach ((string name, string text, long bytes) in limits)
            {
                if (services.Volumes.PathOf(name) is { } path && SizeOf(path) > bytes)
                {
                    Evict($"Usage of EmptyDir volume \"{name}\" exceeds the limit \"{text}\". ");
                    return;
                }
            }
        }

        await Task.Delay(Timeout.InfiniteTimeSpan, Time, cancellationToken);
    }

    internal static IEnumerable<(string Name, string Text, long Bytes)> Limits(PodSpecView pod)
    {
        foreach (VolumeView volume in pod.Volumes)
        {
            string text = volume.EmptyDir?.SizeLimit?.ToString() ?? "";
            if (Quantity.TryParse(text, out Quantity limit) && !limit.IsZero)
            {
                yield return (volume.Name, text, (long)(limit.MilliValue / 1000m));
            }
        }
    }

    private static long SizeOf(string directory)
    {
        try
        {
            return new DirectoryInfo(directory).EnumerateFiles("*", Everything).Sum(file => file.LinkTarget is null ? file.Length : 0);
        }
        catch (IOException)
        {
            // Something went away while it was looked at; the next look tells.
            return 0;
        }
    }

    private void Evict(string message)
    {
        services.Reporter.Event("Warning", "Evicted", message, "");
        services.Board.Fail("Evicted", message);

        // kubelet's immediateEvictionGracePeriodSeconds
        services.Stop.Request(TimeSpan.FromSeconds(1), string.Create(CultureInfo.InvariantCulture, $"evicted: {message}"));
    }
}
