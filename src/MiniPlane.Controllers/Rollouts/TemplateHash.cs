using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Rollouts;

/// <summary>
/// Names and compares pod templates. The hash is like upstream's in form (FNV-1a of 32 bits, written in letters that spell no
/// words) but over canonical JSON; it only has to be stable here. Sameness is decided by the template itself, never by the hash.
/// </summary>
internal static class TemplateHash
{
    public const string Label = "pod-template-hash";
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>The hash of a template; a collision count, when there is one, makes it another.</summary>
    public static string Of(JsonObject template, int? collisions)
    {
        uint hash = 2166136261;
        var canonical = new StringBuilder();
        WriteCanonical(WithoutHash(template), canonical);
        hash = Add(hash, Encoding.UTF8.GetBytes(canonical.ToString()));
        if (collisions is { } count)
        {
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, count);
            hash = Add(hash, bytes);
        }

        return string.Concat(hash.ToString(CultureInfo.InvariantCulture).Select(digit => Alphabet[digit % Alphabet.Length]));
    }

    /// <summary>True when both make the same pods: equal but for the hash label, where empty counts as absent.</summary>
    public static bool Same(JsonObject left, JsonObject right)
    {
        var first = new StringBuilder();
        var second = new StringBuilder();
        WriteCanonical(WithoutHash(left), first);
        WriteCanonical(WithoutHash(right), second);
        return first.Equals(second);
    }

    private static JsonObject WithoutHash(JsonObject template)
    {
        var copy = (JsonObject)template.DeepClone();
        copy.Object("metadata", "labels")?.Remove(Label);
        copy.Object("metadata")?.Remove("creationTimestamp");
        return copy;
    }

    private static uint Add(uint hash, ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            hash = unchecked((hash ^ value) * 16777619);
        }

        return hash;
    }

    /// <summary>Sorted names, no spaces, nothing empty. False when nothing was worth writing.</summary>
    private static bool WriteCanonical(JsonNode? node, StringBuilder text)
    {
        switch (node)
        {
            case null:
                return false;
            case JsonObject json:
                return WriteCanonical(json, text);
            case JsonArray { Count: 0 }:
                return false;
            case JsonArray array:
                text.Append('[');
                foreach (JsonNode? element in array)
                {
                    WriteCanonical(element, text);
                    text.Append(',');
                }

                text.Append(']');
                return true;
            default:
                text.Append(node.Compacted());
                return true;
        }
    }

    private static bool WriteCanonical(JsonObject json, StringBuilder text)
    {
        int start = text.Length;
        text.Append('{');
        bool isEmpty = true;
        foreach ((string name, JsonNode? value) in json.OrderBy(property => property.Key, StringComparer.Ordinal))
        {
            int before = text.Length;
            text.Append(name).Append(':');
            // emptyDir: {} and securityContext: {} are absent or present with a meaning; only null and [] are dropped inside them.
            if (WriteCanonical(value, text) || value is JsonObject)
            {
                text.Append(',');
                isEmpty = false;
            }
            else
            {
                text.Length = before;
            }
        }

        text.Append('}');
        if (isEmpty)
        {
            text.Length = start;
            text.Append("{}");
        }

        return !isEmpty;
    }
}
