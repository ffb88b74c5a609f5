using System.Globalization;

namespace MiniPlane.Agent.Pods;

/// <summary>Counts what the kernel has killed for want of memory in this job's control group, by cgroup v2 or v1.</summary>
internal static class OutOfMemory
{
    /// <summary>The count so far; 0 where it cannot be read.</summary>
    public static long Count()
    {
        try
        {
            foreach (string line in File.ReadLines("/proc/self/cgroup"))
            {
                string[] parts = line.Split(':', 3);
                if (parts is ["0", "", var unified] && Read($"/sys/fs/cgroup{unified}/memory.events") is { } events)
                {
                    return events;
                }

                if (parts.Length == 3 && parts[1].Split(',').Contains("memory") && Read($"/sys/fs/cgroup/memory{parts[2]}/memory.oom_control") is { } control)
                {
                    return control;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // No control groups: then nobody says why a process was killed.
        }

        return 0;
    }

    private static long? Read(string file) =>
        !File.Exists(file)
            ? null
            : File.ReadLines(file)
                .Where(line => line.StartsWith("oom_kill ", StringComparison.Ordinal))
                .Select(line => (long?)long.Parse(line["oom_kill ".Length..], CultureInfo.InvariantCulture))
                .FirstOrDefault();
}
