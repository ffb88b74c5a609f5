using MiniPlane.Agent.Runtime;
using MiniPlane.Wire.Agent;

namespace MiniPlane.Agent.Pods;

/// <summary>
/// Measures what each container uses: CPU time between two looks, memory at the second. A container is new to it after each restart.
/// </summary>
internal sealed class UsageMeter(TimeProvider time)
{
    private readonly Dictionary<string, Sample> _last = new(StringComparer.Ordinal);

    /// <summary>The usage since the look before; containers that were not running then are left out. Null when there is nothing to tell.</summary>
    public UsageReport? Measure(IEnumerable<(string Name, int Run, IRunningContainer Container)> running)
    {
        var report = new UsageReport();
        long now = time.GetTimestamp();
        foreach ((string name, int run, IRunningContainer container) in running)
        {
            (long cpu, long memory) = ProcessUsage.Of(container.ProcessIds());
            if (_last.TryGetValue(name, out Sample? before) && before.Run == run)
            {
                TimeSpan window = time.GetElapsedTime(before.Time, now);
                report.WindowMillis = (long)window.TotalMilliseconds;
                report.Containers.Add(new ContainerUsage
                {
                    Name = name,
                    CpuNanoCores = window > TimeSpan.Zero ? (ulong)(Math.Max(0, cpu - before.Cpu) / window.TotalSeconds) : 0,
                    MemoryBytes = (ulong)memory,
                });
            }

            _last[name] = new Sample(run, now, cpu);
        }

        return report.Containers.Count == 0 ? null : report;
    }

    private sealed record Sample(int Run, long Time, long Cpu);
}
