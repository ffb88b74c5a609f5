using System.Globalization;

namespace MiniPlane.Workloads.Slurm.Rest;

/// <summary>What the kernel says of this process (proc(5)).</summary>
internal static class ProcessFacts
{
    /// <summary>The user's number, null where there is no such file.</summary>
    public static long? UserId { get; } = long.TryParse(Field("Uid:"), CultureInfo.InvariantCulture, out long id) ? id : null;

    /// <summary>In octal digits, or empty.</summary>
    public static string Umask { get; } = Field("Umask:");

    private static string Field(string name)
    {
        try
        {
            string? line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
            return line?[name.Length..].Split('\t', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault("").Trim() ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
