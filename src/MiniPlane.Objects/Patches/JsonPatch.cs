using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Objects.Patches;

/// <summary>
/// RFC 6902 (<c>application/json-patch+json</c>). All operations succeed or the request is refused: BadRequest when the patch
/// itself cannot be read, 422 when an operation cannot be done.
/// </summary>
public static class JsonPatch
{
    /// <summary>Upstream's limit on the operations of one patch.</summary>
    public const int MostOperations = 10_000;

    /// <summary>The patched copy; <paramref name="original"/> is left alone.</summary>
    public static JsonNode? Apply(JsonNode original, JsonNode? patch) => ApplyTo(original.DeepClone(), patch);

    /// <summary>The patched document. <paramref name="original"/> is taken over; when an operation cannot be done it is of no use any more.</summary>
    public static JsonNode? ApplyTo(JsonNode original, JsonNode? patch)
    {
        if (patch is not JsonArray operations)
        {
            throw ApiErrors.BadRequest($"error decoding patch: json: cannot unmarshal {JsonWords.Of(patch)} into Go value of type jsonpatch.Patch");
        }

        if (operations.Count > MostOperations)
        {
            throw ApiErrors.TooLarge(string.Create(
                CultureInfo.InvariantCulture,
                $"The allowed maximum operations in a JSON patch is {MostOperations}, got {operations.Count}"));
        }

        JsonNode? document = original;
        foreach (JsonNode? operation in operations)
        {
            if (operation is not JsonObject step)
            {
                throw ApiErrors.BadRequest($"error decoding patch: json: cannot unmarshal {JsonWords.Of(operation)} into Go value of type jsonpatch.Operation");
            }

            document = Apply(document, step);
        }

        return document;
    }

    private static JsonNode? Apply(JsonNode? document, JsonObject step)
    {
        JsonPointer path = Pointer(step, "path");
        switch (Text(step, "op"))
        {
            case "add":
                return Add(document, path, Value(step));
            case "remove":
                return Remove(document, path);
            case "replace":
                Find(document, path);
                return path.IsRoot ? Value(step) : Replace(document, path, Value(step));
            case "move":
                JsonPointer from = Pointer(step, "from");
                if (from.IsProperPrefixOf(path))
                {
                    throw ApiErrors.RejectedByServer();
                }

                JsonNode? moved = Find(document, from)?.DeepClone();
                return Add(Remove(document, from), path, moved);
            case "copy":
                return Add(document, path, Find(document, Pointer(step, "from"))?.DeepClone());
            case "test":
                return Test(document, path, step) ? document : throw ApiErrors.RejectedByServer();
            default:
                throw ApiErrors.RejectedByServer();
        }
    }

    // A missing member equals null, as in upstream's library.
    private static bool Test(JsonNode? document, JsonPointer path, JsonObject step)
    {
        path.TryFind(document, out JsonNode? actual);
        return JsonNode.DeepEquals(actual, step["value"]);
    }

    private static JsonNode? Add(JsonNode? document, JsonPointer path, JsonNode? value)
    {
        if (path.IsRoot)
        {
            return value;
        }

        switch (path.FindParent(document))
        {
            case JsonObject map:
                map[path.Last] = value;
                return document;
            case JsonArray list when path.Last == "-":
                list.Add(value);
                return document;
            case JsonArray list when JsonPointer.TryIndex(path.Last, list.Count, out int index):
                list.Insert(index, value);
                return document;
            default:
                throw ApiErrors.RejectedByServer();
        }
    }

    private static JsonNode? Replace(JsonNode? document, JsonPointer path, JsonNode? value)
    {
        switch (path.FindParent(document))
        {
            case JsonObject map:
                map[path.Last] = value;
                break;
            case JsonArray list when JsonPointer.TryIndex(path.Last, list.Count, out int index):
                list[index] = value;
                break;
        }

        return document;
    }

    private static JsonNode? Remove(JsonNode? document, JsonPointer path)
    {
        if (path.IsRoot)
        {
            throw ApiErrors.RejectedByServer();
        }

        Find(document, path);
        switch (path.FindParent(document))
        {
            case JsonObject map:
                map.Remove(path.Last);
                break;
            case JsonArray list when JsonPointer.TryIndex(path.Last, list.Count, out int index):
                list.RemoveAt(index);
                break;
        }

        return document;
    }

    private static JsonNode? Find(JsonNode? document, JsonPointer path) =>
        path.TryFind(document, out JsonNode? node) ? node : throw ApiErrors.RejectedByServer();

    private static JsonNode? Value(JsonObject step) => step.TryGetPropertyValue("value", out JsonNode? value)
        ? value?.DeepClone()
        : throw ApiErrors.RejectedByServer();

    private static JsonPointer Pointer(JsonObject step, string name) =>
        Text(step, name) is { } text && JsonPointer.TryParse(text, out JsonPointer? pointer)
            ? pointer
            : throw ApiErrors.RejectedByServer();

    private static string? Text(JsonObject step, string name) =>
        step[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
