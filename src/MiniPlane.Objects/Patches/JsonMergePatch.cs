using System.Text.Json.Nodes;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Objects.Patches;

/// <summary>RFC 7386 (<c>application/merge-patch+json</c>): objects merge, null deletes, all else replaces.</summary>
public static class JsonMergePatch
{
    /// <summary>The patched copy; <paramref name="original"/> is left alone.</summary>
    /// <exception cref="ApiException">BadRequest, when the patch is not an object.</exception>
    public static JsonObject Apply(JsonObject original, JsonNode? patch)
    {
        return ApplyTo((JsonObject)original.DeepClone(), patch);
    }

    /// <summary>Patches <paramref name="target"/> itself, and answers it.</summary>
    /// <exception cref="ApiException">BadRequest, when the patch is not an object.</exception>
    public static JsonObject ApplyTo(JsonObject target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            throw ApiErrors.BadRequest($"error decoding patch: json: cannot unmarshal {JsonWords.Of(patch)} into Go value of type map[string]interface {{}}");
        }

        Merge(target, changes);
        return target;
    }

    private static void Merge(JsonObject target, JsonObject patch)
    {
        foreach ((string name, JsonNode? change) in patch)
        {
            switch (change)
            {
                case null:
                    target.Remove(name);
                    break;
                case JsonObject inner:
                    if (target[name] is not JsonObject below)
                    {
                        below = [];
                        target[name] = below;
                    }

                    Merge(below, inner);
                    break;
                default:
                    target[name] = change.DeepClone();
                    break;
            }
        }
    }
}
