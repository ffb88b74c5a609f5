using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MiniPlane.ApiServer.Tests;

/// <summary>Reads the recorded answers of a real kube-apiserver.</summary>
internal static class GoldenFiles
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Golden");

    public static IEnumerable<string> Names(string folder) => Directory.EnumerateFiles(Path.Combine(Folder, folder), "*.in.yaml")
        .Select(path => Path.GetFileName(path)[..^".in.yaml".Length])
        .Order(StringComparer.Ordinal);

    public static string Text(string folder, string name) => File.ReadAllText(Path.Combine(Folder, folder, $"{name}.in.yaml"));

    public static JsonObject Yaml(string folder, string name)
    {
        using var reader = new StreamReader(Path.Combine(Folder, folder, $"{name}.in.yaml"));
        var stream = new YamlStream();
        stream.Load(reader);
        return (JsonObject)Convert(stream.Documents[0].RootNode)!;
    }

    public static JsonObject Json(string folder, string file) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, folder, file)))!.AsObject();

    private static JsonNode? Convert(YamlNode node)
    {
        switch (node)
        {
            case YamlMappingNode map:
                var json = new JsonObject();
                foreach ((YamlNode key, YamlNode value) in map.Children)
                {
                    json[((YamlScalarNode)key).Value!] = Convert(value);
                }

                return json;
            case YamlSequenceNode list:
                return new JsonArray([.. list.Children.Select(Convert)]);
            default:
                return Scalar((YamlScalarNode)node);
        }
    }

    private static JsonNode? Scalar(YamlScalarNode scalar)
    {
        string text = scalar.Value ?? "";
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any))
        {
            return text;
        }

        return text switch
        {
            "true" => true,
            "false" => false,
            "null" or "~" or "" => null,
            _ => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : text,
        };
    }
}
