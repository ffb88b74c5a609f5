using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MiniPlane.Workloads.Tests;

/// <summary>YAML as JSON, for test data that people read.</summary>
internal static class Yaml
{
    public static JsonObject Load(string text)
    {
        var stream = new YamlStream();
        using var reader = new StringReader(text);
        stream.Load(reader);
        return Convert(stream.Documents[0].RootNode)!.AsObject();
    }

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
                return ToScalar((YamlScalarNode)node);
        }
    }

    private static JsonValue? ToScalar(YamlScalarNode scalar)
    {
        string text = scalar.Value ?? "";
        bool isPlain = scalar.Style is ScalarStyle.Plain or ScalarStyle.Any;
        return text switch
        {
            "true" or "false" when isPlain => JsonValue.Create(text == "true"),
            _ when isPlain && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) => JsonValue.Create(number),
            _ => JsonValue.Create(text),
        };
    }
}
