using System.Text.Json;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Objects.Apply;

/// <summary>
/// Field sets by their text. Objects made from one template have the same few texts, and a set never changes once it was read, so
/// each text is taken apart once and shared. Bounded: when there are too many, all are forgotten and learned anew.
/// </summary>
internal static class FieldSetTexts
{
    private const int MostTexts = 2048;
    private const int LongestText = 16 << 10;

    private static readonly Utf8Cache<FieldSet> Known = new(MostTexts);

    /// <summary>Reads FieldsV1; the reader, which reads <paramref name="text"/>, stands on its first token and ends on its last.</summary>
    public static FieldSet Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        int start = (int)reader.TokenStartIndex;
        Utf8JsonReader first = reader;
        reader.Skip();
        ReadOnlySpan<byte> own = text[start..(int)reader.BytesConsumed];
        if (Known.TryGet(own, out FieldSet? known))
        {
            return known;
        }

        var set = FieldSet.Read(ref first);
        if (own.Length <= LongestText && IsAsWritten(set, own))
        {
            set.Text = own.ToArray();
            Known.Keep(set.Text, set);
        }

        return set;
    }

    // A client may have written it in another order, or with blanks.
    private static bool IsAsWritten(FieldSet set, ReadOnlySpan<byte> text)
    {
        using var scratch = JsonScratch.Take();
        set.WriteTo(scratch.Writer);
        return scratch.Written.SequenceEqual(text);
    }
}
