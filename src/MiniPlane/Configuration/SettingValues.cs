using System.Globalization;
using System.Net;
using MiniPlane.Objects.Decoding;
using MiniPlane.Objects.Errors;
using MiniPlane.Workloads.Slurm.Rest;

namespace MiniPlane.Configuration;

/// <summary>The value of every setting after flags, environment and <c>miniplane.yaml</c> were put on top of the defaults.</summary>
internal sealed class SettingValues(IReadOnlyDictionary<SettingDefinition, (string Value, string Source)> values)
{
    public string Text(SettingDefinition setting) => values[setting].Value;

    /// <summary>What it came from: a flag, a variable, a file or <c>the default</c>.</summary>
    public string SourceOf(SettingDefinition setting) => values[setting].Source;

    public string? TextOrNull(SettingDefinition setting) => Text(setting) is { Length: > 0 } text ? text : null;

    public string FullPath(SettingDefinition setting) => Path.GetFullPath(ExpandHome(Text(setting)));

    public string? FullPathOrNull(SettingDefinition setting) => TextOrNull(setting) is null ? null : FullPath(setting);

    public IReadOnlyList<string> Names(SettingDefinition setting) =>
        Text(setting).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public string OneOf(SettingDefinition setting, params ReadOnlySpan<string> allowed)
    {
        foreach (string choice in allowed)
        {
            if (string.Equals(choice, Text(setting), StringComparison.OrdinalIgnoreCase))
            {
                return choice;
            }
        }

        string hint = NearName.Find(Text(setting), allowed.ToArray()) is { } near ? $"; did you mean {near}?" : "";
        throw Wrong(setting, $"must be one of {string.Join(", ", allowed.ToArray())}{hint}");
    }

    public int Number(SettingDefinition setting, int least, int most) =>
        int.TryParse(Text(setting), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
        && number >= least && number <= most
            ? number
            : throw Wrong(setting, $"must be a whole number from {least} to {most}");

    public TimeSpan Seconds(SettingDefinition setting, double least, double most) =>
        double.TryParse(Text(setting), NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds)
        && seconds >= least && seconds <= most
            ? TimeSpan.FromSeconds(seconds)
            : throw Wrong(setting, $"must be a number of seconds from {least} to {most}");

    /// <summary>A length of time as Go writes it: <c>90s</c>, <c>1h30m</c>.</summary>
    public TimeSpan Duration(SettingDefinition setting) =>
        GoDuration.Parse(Text(setting)) is { } duration && duration >= TimeSpan.Zero
            ? duration
            : throw Wrong(setting, "must be a length of time such as 90s, 30m or 1h");

    public IPAddress Address(SettingDefinition setting) =>
        IPAddress.TryParse(Text(setting), out IPAddress? address) ? address : throw Wrong(setting, "must be an IP address");

    /// <summary>Where slurmrestd listens, or null.</summary>
    public RestAddress? RestAddress(SettingDefinition setting)
    {
        try
        {
            return TextOrNull(setting) is { } text ? Workloads.Slurm.Rest.RestAddress.Parse(text) : null;
        }
        catch (FormatException exception)
        {
            throw Wrong(setting, exception.Message);
        }
    }

    internal static string ExpandHome(string path) =>
        path == "~" || path.StartsWith("~/", StringComparison.Ordinal)
            ? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) + path[1..]
            : path;

    private SettingException Wrong(SettingDefinition setting, string rule) =>
        new($"{setting.Name}: \"{Text(setting)}\" (from {values[setting].Source}) {rule}");
}
