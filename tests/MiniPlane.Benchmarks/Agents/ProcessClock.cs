using System.Runtime.InteropServices;

namespace MiniPlane.Benchmarks.Agents;

/// <summary>CPU time of another process to the nanosecond, its ended threads included; /proc counts in hundredths of a second.</summary>
internal static partial class ProcessClock
{
    // linux/posix-timers.h: the clock of a process, as the scheduler counts.
    private const int SchedulerClock = 2;

    public static TimeSpan Of(int process) => Read((~process << 3) | SchedulerClock, out Time time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick)
        : TimeSpan.Zero;

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int Read(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
