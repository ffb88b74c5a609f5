namespace MiniPlane.Configuration;

/// <summary>
/// Gathers the settings: default, then the site's, then <c>DIR/miniplane.yaml</c>, then the environment, then flags.
/// </summary>
internal static class SettingsReader
{
    public const string FileName = "miniplane.yaml";

    /// <summary>Where an administrator puts defaults for everyone on the host.</summary>
    public const string SiteDefaultsFile = "/etc/miniplane/site.yaml";

    /// <param name="flag">The text given for a flag, or null.</param>
    /// <param name="environment">The value of an environment variable, or null.</param>
    public static SettingValues Read(Func<SettingDefinition, string?> flag, Func<string, string?> environment) =>
        Read(flag, environment, SiteDefaultsFile);

    /// <param name="flag">The text given for a flag, or null.</param>
    /// <param name="environment">The value of an environment variable, or null.</param>
    /// <param name="siteDefaults">The site-wide file, which need not be there.</param>
    public static SettingValues Read(Func<SettingDefinition, string?> flag, Func<string, string?> environment, string siteDefaults)
    {
        (string, IReadOnlyDictionary<string, string>)[] files = [Source(siteDefaults, SettingsFile.ReadSiteSettings)];
        (string dataDir, string source) = Choose(Settings.DataDir, flag, environment, files);
        string file = Path.Combine(Path.GetFullPath(SettingValues.ExpandHome(dataDir)), FileName);
        files = [Source(file, SettingsFile.Read), .. files];
        var values = new Dictionary<SettingDefinition, (string, string)> { [Settings.DataDir] = (dataDir, source) };
        foreach (SettingDefinition setting in Settings.All.Where(setting => setting != Settings.DataDir))
        {
            values[setting] = Choose(setting, flag, environment, files);
        }

        return new SettingValues(values);
    }

    private static (string File, IReadOnlyDictionary<string, string> Values) Source(
        string file, Func<string, IReadOnlyDictionary<string, string>> read) =>
        (file, File.Exists(file) ? read(file) : new Dictionary<string, string>(StringComparer.Ordinal));

    private static (string Value, string Source) Choose(
        SettingDefinition setting,
        Func<SettingDefinition, string?> flag,
        Func<string, string?> environment,
        IEnumerable<(string File, IReadOnlyDictionary<string, string> Values)> files)
    {
        if (flag(setting) is { } given)
        {
            return (given, setting.Flag);
        }

        foreach (string name in Variables(setting))
        {
            if (environment(name) is { Length: > 0 } value)
            {
                return (value, "$" + name);
            }
        }

        foreach ((string file, IReadOnlyDictionary<string, string> values) in files)
        {
            if (values.TryGetValue(setting.Name, out string? written))
            {
                return (written, file);
            }
        }

        return (setting.Default, "the default");
    }

    // MINIPLANE_HOME is the short name of the data directory; EXTERNAL_DNS is what HPK's users have in their profile.
    private static IEnumerable<string> Variables(SettingDefinition setting)
    {
        yield return setting.EnvironmentVariable;
        if (setting == Settings.DataDir)
        {
            yield return "MINIPLANE_HOME";
        }

        if (setting == Settings.ExternalDns)
        {
            yield return "EXTERNAL_DNS";
        }
    }
}
