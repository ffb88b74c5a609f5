using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MiniPlane.Configuration;

/// <summary>Gathers the settings: default, then <c>DIR/miniplane.yaml</c>, then the environment, then flags.</summary>
internal static class SettingsReader
{
    public const string FileName = "miniplane.yaml";

    /// <param name="flag">The text given for a flag, or null.</param>
    /// <param name="environment">The value of an environment variable, or null.</param>
    public static SettingValues Read(Func<SettingDefinition, string?> flag, Func<string, string?> environment)
    {
        (string dataDir, string source) = Choose(Settings.DataDir, flag, environment, new Dictionary<string, string>(StringComparer.Ordinal), "");
        string file = Path.Combine(Path.GetFullPath(SettingValues.ExpandHome(dataDir)), FileName);
        Dictionary<string, string> yaml = File.Exists(file) ? ReadFile(file) : [];
        var values = new Dictionary<SettingDefinition, (string, string)> { [Settings.DataDir] = (dataDir, source) };
        foreach (SettingDefinition setting in Settings.All.Skip(1))
        {
            values[setting] = Choose(setting, flag, environment, yaml, file);
        }

        return new SettingValues(values);
    }

    private static (string Value, string Source) Choose(
        SettingDefinition setting,
        Func<SettingDefinition, string?> flag,
        Func<string, string?> environment,
        IReadOnlyDictionary<string, string> yaml,
        string file)
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

        return yaml.TryGetValue(setting.Name, out string? written) ? (written, file) : (setting.Default, "the default");
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

    private static Dictionary<string, string> ReadFile(string file)
    {
        var stream = new YamlStream();
        try
        {
            using StreamReader reader = File.OpenText(file);
            stream.Load(reader);
        }
        catch (YamlException exception)
        {
            throw new SettingException($"{file}: {exception.Message}");
        }

        if (stream.Documents.Count == 0)
        {
            return [];
        }

        var map = stream.Documents[0].RootNode as YamlMappingNode
            ?? throw new SettingException($"{file}: must be a mapping of setting names to values");
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((YamlNode key, YamlNode value) in map.Children)
        {
            string name = (key as YamlScalarNode)?.Value ?? "";
            if (Settings.All.All(setting => setting.Name != name))
            {
                throw new SettingException($"{file}: unknown setting \"{name}\"");
            }

            values[name] = (value as YamlScalarNode)?.Value
                ?? throw new SettingException($"{file}: {name}: must be a plain value");
        }

        return values;
    }
}
