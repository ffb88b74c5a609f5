using MiniPlane.Objects.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MiniPlane.Configuration;

/// <summary>Reads settings from YAML: <c>miniplane.yaml</c>, and the part <c>settings</c> of a site's file.</summary>
internal static class SettingsFile
{
    private const string SitePart = "settings";

    /// <summary>The settings of a <c>miniplane.yaml</c>; an unknown name is refused with what was probably meant.</summary>
    public static IReadOnlyDictionary<string, string> Read(string file)
    {
        IReadOnlyDictionary<string, string> values = Root(file) is { } map ? ReadMap(map, file) : NoValues;
        return !values.TryGetValue(Settings.DataDir.Name, out string? directory)
            || Path.GetFullPath(SettingValues.ExpandHome(directory)) == Path.GetDirectoryName(file)
            ? values
            : throw new SettingException(
                $"{file}: {Settings.DataDir.Name}: this file is found in the data directory, so it cannot name another; "
                    + $"use {Settings.DataDir.Flag} or {Settings.DataDir.EnvironmentVariable}");
    }

    /// <summary>The defaults that a site gives for these settings; the rest of its file is read elsewhere.</summary>
    public static IReadOnlyDictionary<string, string> ReadSiteSettings(string file)
    {
        YamlNode? part = Root(file)?.Children.FirstOrDefault(pair => (pair.Key as YamlScalarNode)?.Value == SitePart).Value;
        return part switch
        {
            null => NoValues,
            YamlMappingNode map => ReadMap(map, $"{file}: {SitePart}"),
            _ => throw new SettingException($"{file}: {SitePart}: must be a mapping of setting names to values"),
        };
    }

    private static Dictionary<string, string> NoValues => new(StringComparer.Ordinal);

    private static YamlMappingNode? Root(string file)
    {
        var stream = new YamlStream();
        try
        {
            using StreamReader reader = File.OpenText(file);
            stream.Load(reader);
        }
        catch (YamlException exception)
        {
            throw new SettingException($"{file}: line {exception.Start.Line}: {exception.Message}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"{file}: {exception.Message}");
        }

        // A file of comments only has no documents, or one that is empty.
        return stream.Documents.Count == 0 || stream.Documents[0].RootNode is YamlScalarNode { Value: null or "" }
            ? null
            : stream.Documents[0].RootNode as YamlMappingNode
                ?? throw new SettingException($"{file}: must be a mapping of setting names to values");
    }

    private static Dictionary<string, string> ReadMap(YamlMappingNode map, string where)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((YamlNode key, YamlNode value) in map.Children)
        {
            string name = (key as YamlScalarNode)?.Value ?? "";
            if (Settings.All.All(setting => setting.Name != name))
            {
                string hint = NearName.Find(name, Settings.All.Select(setting => setting.Name)) is { } near
                    ? $"did you mean \"{near}\"?"
                    : "`miniplane config` lists all";
                throw new SettingException($"{where}: unknown setting \"{name}\" (line {key.Start.Line}); {hint}");
            }

            values[name] = (value as YamlScalarNode)?.Value
                ?? throw new SettingException($"{where}: {name}: must be a plain value");
        }

        return values;
    }
}
