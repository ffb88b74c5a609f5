using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace MiniPlane.ApiServer.Bodies;

/// <summary>JSON to block-style YAML with sorted keys, as sigs.k8s.io/yaml writes it.</summary>
internal static class YamlWriter
{
    public static ReadOnlyMemory<byte> Write(JsonNode node)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings().WithBestWidth(int.MaxValue).WithoutAnchorName());
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, null, true));
        WriteNode(emitter, node);
        emitter.Emit(new DocumentEnd(true));
        emitter.Emit(new StreamEnd());
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void WriteNode(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject json:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, true, json.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach ((string name, JsonNode? value) in json.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    WriteText(emitter, name);
                    WriteNode(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray array:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, true, array.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (JsonNode? item in array)
                {
                    WriteNode(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case null:
                emitter.Emit(new Scalar("null"));
                break;
            default:
                WriteScalar(emitter, node);
                break;
        }
    }

    private static void WriteScalar(Emitter emitter, JsonNode node)
    {
        if (node.GetValueKind() == JsonValueKind.String)
        {
            WriteText(emitter, node.GetValue<string>());
        }
        else
        {
            emitter.Emit(new Scalar(node.ToJsonString()));
        }
    }

    // A string that would read back as something else is quoted.
    private static void WriteText(Emitter emitter, string text)
    {
        var plain = new Scalar(AnchorName.Empty, TagName.Empty, text, ScalarStyle.Plain, true, true);
        bool readsBack = YamlScalars.Resolve(plain) is JsonValue value && value.TryGetValue(out string? back) && back == text;
        ScalarStyle style = text.Contains('\n', StringComparison.Ordinal) ? ScalarStyle.Literal
            : readsBack ? ScalarStyle.Any : ScalarStyle.DoubleQuoted;
        emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, style, true, true));
    }
}
