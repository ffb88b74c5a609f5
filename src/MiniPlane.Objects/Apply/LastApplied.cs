using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Objects.Apply;

/// <summary>
/// The annotation in which <c>kubectl apply</c> of the client's side keeps what it applied. An apply of the server's side by the manager
/// <c>kubectl</c> takes over what the annotation says, and keeps it up to date, so that one can go to and fro between the two
/// (k8s.io/apimachinery/pkg/util/managedfields, lastappliedmanager.go and lastappliedupdater.go). Any other manager's name opts out.
/// </summary>
internal static class LastApplied
{
    internal const string Annotation = "kubectl.kubernetes.io/last-applied-configuration";

    private const string Kubectl = "kubectl";
    private const int MostBytesOfAnnotations = 256 * 1024;

    private static readonly FieldSet Nothing = new();

    /// <summary>Fields that are as the annotation says: who applied them on the client's side may change them without force.</summary>
    public static FieldSet AllowedConflicts(TypeDefinition type, JsonObject live, FieldManager manager)
    {
        if (manager.Name != Kubectl
            || live.Text("metadata", "annotations", Annotation) is not { Length: > 0 } text
            || Parse(text) is not { } applied
            || applied.Text("apiVersion") != manager.ApiVersion)
        {
            return Nothing;
        }

        var comparison = ObjectComparison.Of(type, applied, live);
        return FieldSetBuilder.Build(type, applied)
            .Difference(comparison.Modified)
            .Difference(comparison.Added)
            .Difference(comparison.Removed);
    }

    /// <summary>Writes the configuration into the annotation of an object that has it.</summary>
    public static void Refresh(JsonObject merged, JsonObject configuration, FieldManager manager)
    {
        if (manager.Name != Kubectl
            || merged.Text("metadata", "annotations", Annotation) is not { Length: > 0 }
            || merged.Object("metadata", "annotations") is not { } annotations)
        {
            return;
        }

        JsonNode applied = Sorted(configuration)!;
        applied.AsObject().Object("metadata", "annotations")?.Remove(Annotation);
        annotations[Annotation] = applied.Compacted() + "\n";
        if (annotations.Sum(pair => Encoding.UTF8.GetByteCount(pair.Key) + Encoding.UTF8.GetByteCount(pair.Value.Text() ?? "")) > MostBytesOfAnnotations)
        {
            annotations.Remove(Annotation);
        }
    }

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Go writes the keys of a map in order.
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, Sorted(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
