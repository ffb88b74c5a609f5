using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Decoding;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Registry;

/// <summary>
/// What is said of a patch whose result is no object of its kind: 422 about the field <c>patch</c>, of no kind and no name. A strategic
/// patch shows itself, as Go prints a map, and speaks in the words of the converter from maps; the others show the patched object and
/// speak in the words of the JSON decoder (k8s.io/apiserver/pkg/endpoints/handlers/patch.go).
/// </summary>
internal static class PatchRefusal
{
    private const string Unmarshal = "json: cannot unmarshal ";
    private const string Into = " into Go struct field ";
    private const string OfType = " of type ";

    /// <summary>The refusal, or null when the fault was not the decoder's.</summary>
    public static ApiException? Of(ApiException wrong, KindDefinition kind, PatchType type, JsonNode patch, Func<JsonNode> patched)
    {
        if (ObjectDecoder.BareMessage(wrong, kind) is not { } text)
        {
            return null;
        }

        bool isStrategic = type == PatchType.StrategicMerge;
        string shown = isStrategic ? Print(patch) : patched().ToJsonString();
        var errors = new FieldErrors();
        errors.Invalid("patch", shown, isStrategic ? Restored(text) : text);
        return ApiErrors.InvalidPatch(errors);
    }

    /// <summary>The words of <c>runtime.DefaultUnstructuredConverter</c> for what the JSON decoder said.</summary>
    internal static string Restored(string text)
    {
        if (text.StartsWith("illegal base64", StringComparison.Ordinal))
        {
            return $"error decoding from json: {text}";
        }

        int into = text.IndexOf(Into, StringComparison.Ordinal);
        int of = text.LastIndexOf(OfType, StringComparison.Ordinal);
        if (!text.StartsWith(Unmarshal, StringComparison.Ordinal) || into < 0 || of < into)
        {
            return text;
        }

        string found = text[Unmarshal.Length..into];
        string wanted = text[(of + OfType.Length)..];
        (string kind, string type) = found.Split(' ')[0] switch
        {
            "object" => ("map", "map[string]interface {}"),
            "array" => ("slice", "[]interface {}"),
            "number" when found.AsSpan(6).ContainsAny('.', 'e', 'E') => ("float64", "float64"),
            "number" => ("int64", "int64"),
            string other => (other, other),
        };
        return wanted switch
        {
            ['m', 'a', 'p', '[', ..] => $"cannot restore map from {kind}",
            ['[', ']', ..] => $"cannot restore slice from {kind}",
            _ when wanted.Contains('.', StringComparison.Ordinal) => $"cannot restore struct from: {kind}",
            _ => $"cannot convert {type} to {wanted}",
        };
    }

    /// <summary>As Go's <c>%+v</c> prints what JSON becomes: <c>map[a:1 b:[x y] c:&lt;nil&gt;]</c>, keys in order.</summary>
    internal static string Print(JsonNode? node) => node switch
    {
        null => "<nil>",
        JsonObject map => $"map[{string.Join(' ', map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}:{Print(pair.Value)}"))}]",
        JsonArray list => $"[{string.Join(' ', list.Select(Print))}]",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => value.GetValue<string>(),
        JsonValue value when value.TryGetValue(out long number) => number.ToString(CultureInfo.InvariantCulture),
        _ => node.ToJsonString(),
    };
}
