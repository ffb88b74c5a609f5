using System.Globalization;
using MiniPlane.Objects.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MiniPlane.Workloads.Site;

/// <summary>Reads <see cref="SiteSettings"/> from YAML, by nodes and not by reflection. Unknown names are errors.</summary>
public static class SiteFile
{
    private delegate SiteSettings Apply(SiteSettings settings, YamlNode value);

    private static readonly Dictionary<string, Apply> Fields = new(StringComparer.Ordinal)
    {
        ["sbatchFlags"] = (site, value) => site with { SbatchFlags = Text(value) },
        ["commandPrefix"] = (site, value) => site with { CommandPrefix = List(value) },
        ["minimumMemoryMiB"] = (site, value) => site with { MinimumMemoryMiB = Number(value) },
        ["agentMemoryMiB"] = (site, value) => site with { AgentMemoryMiB = Number(value) },
        ["gpuResources"] = (site, value) => site with { GpuResources = Map(value) },
        ["gpuNodeResource"] = (site, value) => site with { GpuNodeResource = Text(value) },
        ["priorityClasses"] = (site, value) => site with { PriorityClasses = Map(value) },
        ["hiddenPartitions"] = (site, value) => site with { HiddenPartitions = List(value) },
        ["imageCache"] = (site, value) => site with { ImageCache = Text(value) },
        ["insecureRegistries"] = (site, value) => site with { InsecureRegistries = List(value) },
        ["registryMirrors"] = (site, value) => site with { RegistryMirrors = Map(value) },
        ["bindPaths"] = (site, value) => site with { BindPaths = List(value) },
        ["apptainer"] = (site, value) => site with { Apptainer = Text(value) },
        ["storageRoots"] = (site, value) => site with { StorageRoots = Map(value) },
        ["defaultStorageClass"] = (site, value) => site with { DefaultStorageClass = Text(value) },
        ["podsPerNode"] = (site, value) => site with { PodsPerNode = (int)Number(value) },
    };

    /// <summary>The settings of a YAML text; what is wrong with it goes to <paramref name="errors"/>.</summary>
    public static SiteSettings Parse(string yaml, FieldErrors errors)
    {
        SiteSettings settings = SiteSettings.Default;
        foreach ((string name, YamlNode value) in Entries(yaml, errors))
        {
            if (!Fields.TryGetValue(name, out Apply? apply))
            {
                errors.NotSupported(name, name, Fields.Keys);
                continue;
            }

            try
            {
                settings = apply(settings, value);
            }
            catch (FormatException exception)
            {
                errors.Invalid(name, value.ToString(), exception.Message);
            }
        }

        return settings;
    }

    private static List<(string Name, YamlNode Value)> Entries(string yaml, FieldErrors errors)
    {
        try
        {
            var stream = new YamlStream();
            using var reader = new StringReader(yaml);
            stream.Load(reader);
            if (stream.Documents.Count == 0)
            {
                return [];
            }

            if (stream.Documents[0].RootNode is YamlMappingNode mapping)
            {
                return [.. mapping.Children.Select(pair => (pair.Key.ToString(), pair.Value))];
            }

            errors.Add("FieldValueTypeInvalid", "must be a mapping of settings", "(file)");
        }
        catch (YamlException exception)
        {
            errors.Add("FieldValueInvalid", $"line {exception.Start.Line}: {exception.Message}", "(file)");
        }

        return [];
    }

    private static string Text(YamlNode node) =>
        node is YamlScalarNode scalar ? scalar.Value ?? "" : throw new FormatException("must be text");

    private static long Number(YamlNode node) =>
        long.TryParse(Text(node), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new FormatException("must be a whole number");

    private static string[] List(YamlNode node) => node switch
    {
        YamlSequenceNode sequence => [.. sequence.Children.Select(Text)],
        YamlScalarNode scalar => [.. (scalar.Value ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)],
        _ => throw new FormatException("must be a list"),
    };

    private static Dictionary<string, string> Map(YamlNode node) =>
        node is YamlMappingNode mapping
            ? mapping.Children.ToDictionary(pair => Text(pair.Key), pair => Text(pair.Value), StringComparer.Ordinal)
            : throw new FormatException("must be a mapping");
}
