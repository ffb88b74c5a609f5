using System.Globalization;
using MiniPlane.Objects.Decoding;
using MiniPlane.Objects.Errors;
using MiniPlane.Workloads.Translation;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MiniPlane.Workloads.Site;

/// <summary>
/// Reads <see cref="SiteSettings"/> from YAML, by nodes and not by reflection. Unknown names are errors. Files may be put on top of one
/// another: a text, number or list replaces what was said before, a mapping adds to it.
/// </summary>
public static class SiteFile
{
    private delegate SiteSettings Apply(SiteSettings settings, YamlNode value);

    private static readonly Dictionary<string, Apply> Fields = new(StringComparer.Ordinal)
    {
        ["sbatchFlags"] = (site, value) => site with { SbatchFlags = Text(value) },
        ["commandPrefix"] = (site, value) => site with { CommandPrefix = List(value) },
        ["minimumMemoryMiB"] = (site, value) => site with { MinimumMemoryMiB = Number(value) },
        ["agentMemoryMiB"] = (site, value) => site with { AgentMemoryMiB = Number(value) },
        ["gpuResources"] = (site, value) => site with { GpuResources = Over(site.GpuResources, Map(value)) },
        ["gpuNodeResource"] = (site, value) => site with { GpuNodeResource = Text(value) },
        ["priorityClasses"] = (site, value) => site with { PriorityClasses = Over(site.PriorityClasses, Map(value)) },
        ["hiddenPartitions"] = (site, value) => site with { HiddenPartitions = List(value) },
        ["imageCache"] = (site, value) => site with { ImageCache = Text(value) },
        ["imageCacheSize"] = (site, value) => site with { ImageCacheBytes = Bytes(value) },
        ["imagePulls"] = (site, value) => site with { ImagePulls = (int)Number(value) },
        ["logRetention"] = (site, value) => site with { LogRetention = Duration(value) },
        ["logRetentionSize"] = (site, value) => site with { LogRetentionBytes = Bytes(value) },
        ["insecureRegistries"] = (site, value) => site with { InsecureRegistries = List(value) },
        ["registryAuthorities"] = (site, value) => site with { RegistryAuthorities = List(value) },
        ["registryMirrors"] = (site, value) => site with { RegistryMirrors = Over(site.RegistryMirrors, Map(value)) },
        ["bindPaths"] = (site, value) => site with { BindPaths = List(value) },
        ["apptainer"] = (site, value) => site with { Apptainer = Text(value) },
        ["networks"] = (site, value) => site with { Networks = Words(value) },
        ["networkArgs"] = (site, value) => site with { NetworkArguments = Words(value) },
        ["storageRoots"] = (site, value) => site with { StorageRoots = Over(site.StorageRoots, Map(value)) },
        ["defaultStorageClass"] = (site, value) => site with { DefaultStorageClass = Text(value) },
        ["partitions"] = (site, value) => site with { Partitions = List(value) },
        ["account"] = (site, value) => site with { Account = Word(value) },
        ["defaultTime"] = (site, value) => site with { DefaultTime = Word(value) },
        ["submitsPerSecond"] = (site, value) => site with { SubmitsPerSecond = (int)Number(value) },
        ["podsPerNode"] = (site, value) => site with { PodsPerNode = (int)Number(value) },
        ["limits"] = (site, value) => site with { Limits = Limits(value).And(site.Limits) },
    };

    /// <summary>The part of the file with defaults for the settings of the command line; it is read where those are.</summary>
    private const string CommandLineSettings = "settings";

    /// <summary>The names that a site file may use.</summary>
    public static IReadOnlyCollection<string> Names => Fields.Keys;

    /// <summary>The settings of a YAML text; what is wrong with it goes to <paramref name="errors"/>.</summary>
    public static SiteSettings Parse(string yaml, FieldErrors errors) => Parse(yaml, SiteSettings.Default, errors);

    /// <summary>The settings of a YAML text on top of others.</summary>
    public static SiteSettings Parse(string yaml, SiteSettings below, FieldErrors errors)
    {
        SiteSettings settings = below;
        foreach ((string name, YamlNode value) in Entries(yaml, errors))
        {
            if (name == CommandLineSettings)
            {
                continue;
            }

            if (!Fields.TryGetValue(name, out Apply? apply))
            {
                Refuse(name, errors);
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

    private static void Refuse(string name, FieldErrors errors)
    {
        if (NearName.Find(name, Fields.Keys.Append(CommandLineSettings)) is { } near)
        {
            errors.Invalid(name, name, $"there is no such setting; did you mean \"{near}\"?");
        }
        else
        {
            errors.NotSupported(name, name, Fields.Keys);
        }
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

            if (stream.Documents[0].RootNode is YamlScalarNode { Value: null or "" })
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

    // Becomes part of a job's flags.
    private static string Word(YamlNode node) =>
        Text(node) is { Length: > 0 } text && !text.Any(char.IsWhiteSpace) && !text.Any(char.IsControl)
            ? text
            : throw new FormatException("must be one word");

    // Become arguments of a command.
    private static string[] Words(YamlNode node) =>
        List(node) is var words && Array.TrueForAll(words, word => word.Length > 0 && word[0] != '-' && !word.Any(char.IsWhiteSpace) && !word.Any(char.IsControl))
            ? words
            : throw new FormatException("must be a list of words");

    private static long Number(YamlNode node) =>
        long.TryParse(Text(node), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new FormatException("must be a whole number");

    private static long Bytes(YamlNode node) =>
        Objects.Quantities.Quantity.TryParse(Text(node), out Objects.Quantities.Quantity size) && size.Value >= 0
            ? (long)size.Value
            : throw new FormatException("must be a size, 500Gi for one");

    private static TimeSpan Duration(YamlNode node) =>
        GoDuration.Parse(Text(node)) is { } duration && duration >= TimeSpan.Zero
            ? duration
            : throw new FormatException("must be a duration: 24h, 30m, 1h30m; 0 for none");

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

    private static PodLimits Limits(YamlNode node)
    {
        PodLimits limits = PodLimits.None;
        foreach ((string name, string value) in Map(node))
        {
            YamlScalarNode text = new(value);
            limits = name switch
            {
                "jobs" => limits with { Jobs = Number(text) },
                "cpusPerPod" => limits with { CpusPerPod = Number(text) },
                "gpusPerPod" => limits with { GpusPerPod = Number(text) },
                "memoryPerPod" => limits with { MemoryMiBPerPod = ResourceAmount.TryParse(value, out decimal bytes) ? ResourceAmount.ToMiB(bytes) : throw new FormatException("memoryPerPod must be an amount such as 64Gi") },
                "timePerPod" => limits with { TimePerPod = SlurmTime.Parse(value) ?? throw new FormatException("timePerPod must be a time as sbatch takes it: 90, 8:00:00, 2-0") },
                _ => throw new FormatException($"there is no limit \"{name}\"; there are jobs, cpusPerPod, gpusPerPod, memoryPerPod, timePerPod"),
            };
        }

        return limits;
    }

    private static Dictionary<string, string> Over(IReadOnlyDictionary<string, string> below, Dictionary<string, string> above)
    {
        var all = new Dictionary<string, string>(below, StringComparer.Ordinal);
        foreach ((string name, string value) in above)
        {
            all[name] = value;
        }

        return all;
    }
}
