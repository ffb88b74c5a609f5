using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Decoding;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Objects.Apply;

/// <summary>
/// <c>managedFields</c> as one piece of text that is a node: hardly anyone but the encoder looks inside. Objects that were made from one
/// template within a second have the very same text, and share its parsed form.
/// </summary>
internal static class OwnershipTexts
{
    private const int MostTexts = 256;
    private const int LongestText = 16 << 10;

    private static readonly Utf8Cache<JsonElement> Known = new(MostTexts);

    /// <summary>A node of its own for the JSON array <paramref name="utf8"/>.</summary>
    public static JsonArray? Node(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > LongestText)
        {
            return JsonArray.Create(Parse(utf8));
        }

        if (!Known.TryGet(utf8, out JsonElement known))
        {
            known = Parse(utf8);
            Known.Keep(utf8.ToArray(), known);
        }

        return JsonArray.Create(known);
    }

    private static JsonElement Parse(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = JsonBody.LargestDepth });
        return JsonElement.ParseValue(ref reader);
    }
}
