using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Objects.Names;

/// <summary>The rules for the maps in <c>metadata</c> (k8s.io/apimachinery/pkg/apis/meta/v1/validation and pkg/api/validation).</summary>
public static class MetadataRules
{
    /// <summary>Checks every key and value of a label map at <paramref name="path"/>.</summary>
    public static void CheckLabels(JsonObject? labels, string path, FieldErrors errors)
    {
        foreach ((string key, JsonNode? value) in labels ?? [])
        {
            AddAll(errors, path, key, NameRules.QualifiedName(key));
            string text = Text(value);
            AddAll(errors, path, text, NameRules.LabelValue(text));
        }
    }

    /// <summary>Checks the keys of an annotation map, without regard to case, and its total size.</summary>
    public static void CheckAnnotations(JsonObject? annotations, string path, FieldErrors errors)
    {
        long size = 0;
        foreach ((string key, JsonNode? value) in annotations ?? [])
        {
            AddAll(errors, path, key, NameRules.QualifiedName(key.ToLowerInvariant()));
            size += Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(Text(value));
        }

        if (size > NameRules.LargestAnnotations)
        {
            errors.TooLong(path, NameRules.LargestAnnotations);
        }
    }

    private static string Text(JsonNode? value) =>
        value is JsonValue scalar && scalar.TryGetValue(out string? text) ? text : "";

    private static void AddAll(FieldErrors errors, string path, string value, IReadOnlyList<string> problems)
    {
        foreach (string problem in problems)
        {
            errors.Invalid(path, value, problem);
        }
    }
}
