using System.Globalization;

namespace MiniPlane.Workloads.Translation;

/// <summary>The value of <c>--time</c> (sbatch(1)): a lone number is minutes, and what follows a dash begins with hours.</summary>
public static class SlurmTime
{
    /// <summary>The time, or null for none, no limit, and what is not one.</summary>
    public static TimeSpan? Parse(string text)
    {
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        string[] parts = text[(dash + 1)..].Split(':');
        var numbers = new List<long>();
        foreach (string part in dash < 0 ? parts : [text[..dash], .. parts])
        {
            if (!long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out long number) || number > 1_000_000)
            {
                return null;
            }

            numbers.Add(number);
        }

        long seconds = (dash >= 0, numbers) switch
        {
            (false, [var minutes]) => minutes * 60,
            (false, [var minutes, var rest]) => (minutes * 60) + rest,
            (false, [var hours, var minutes, var rest]) => (hours * 3600) + (minutes * 60) + rest,
            (true, [var days, var hours]) => (days * 86400) + (hours * 3600),
            (true, [var days, var hours, var minutes]) => (days * 86400) + (hours * 3600) + (minutes * 60),
            (true, [var days, var hours, var minutes, var rest]) => (days * 86400) + (hours * 3600) + (minutes * 60) + rest,
            _ => 0,
        };
        return seconds > 0 ? TimeSpan.FromSeconds(seconds) : null;
    }
}
