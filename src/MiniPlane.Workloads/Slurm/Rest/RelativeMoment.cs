using System.Globalization;
using System.Text.RegularExpressions;
using MiniPlane.Workloads.Translation;

namespace MiniPlane.Workloads.Slurm.Rest;

/// <summary><c>now+2hours</c> (sbatch(1), --begin), which typed versions of slurmrestd take as a moment alone.</summary>
internal static partial class RelativeMoment
{
    /// <summary>Says <c>--begin</c> and <c>--deadline</c> as date and time where they are relative to now; leaves all else.</summary>
    public static void Resolve(FlagSet flags, DateTimeOffset now)
    {
        foreach (string name in (string[])["begin", "deadline"])
        {
            if (flags.Find(name) is { } text && Find(text, now) is { } moment)
            {
                flags.Set(name, moment.ToLocalTime().ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
            }
        }
    }

    internal static DateTimeOffset? Find(string text, DateTimeOffset now)
    {
        if (Form().Match(text) is not { Success: true } match)
        {
            return null;
        }

        // Seconds unless another unit is named; units may be cut short.
        long count = match.Groups["count"] is { Success: true } group ? long.Parse(group.Value, CultureInfo.InvariantCulture) : 0;
        string unit = match.Groups["unit"].Value;
        long seconds = unit.Length == 0 ? 1 : char.ToLowerInvariant(unit[0]) switch { 'm' => 60, 'h' => 3600, 'd' => 86400, 'w' => 7 * 86400, _ => 1 };
        return now + TimeSpan.FromSeconds(count * seconds);
    }

    [GeneratedRegex(
        @"\Anow(\+(?<count>[0-9]{1,8})(?<unit>s|sec|secs|seconds?|m|min|mins|minutes?|h|hr|hrs|hours?|d|days?|w|weeks?)?)?\z",
        RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}
