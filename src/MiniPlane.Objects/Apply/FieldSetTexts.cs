using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;

namespace MiniPlane.Objects.Apply;

/// <summary>
/// Field sets by their text. Objects made from one template have the same few texts, and a set never changes once it was read, so
/// each text is taken apart once and shared. Bounded: when there are too many, all are forgotten and learned anew.
/// </summary>
internal static class FieldSetTexts
{
    private const int MostTexts = 2048;
    private const int LongestText = 16 << 10;

    private static readonly ConcurrentDictionary<byte[], FieldSet> Known = new(new TextComparer());

    private static readonly ConcurrentDictionary<byte[], FieldSet>.AlternateLookup<ReadOnlySpan<byte>> Lookup =
        Known.GetAlternateLookup<ReadOnlySpan<byte>>();

    // About as many as Known holds; asking it would lock it.
    private static int _count;

    /// <summary>Reads FieldsV1; the reader, which reads <paramref name="text"/>, stands on its first token and ends on its last.</summary>
    public static FieldSet Read(ref Utf8JsonReader reader, ReadOnlySpan<byte> text)
    {
        int start = (int)reader.TokenStartIndex;
        Utf8JsonReader first = reader;
        reader.Skip();
        ReadOnlySpan<byte> own = text[start..(int)reader.BytesConsumed];
        if (Lookup.TryGetValue(own, out FieldSet? known))
        {
            return known;
        }

        var set = FieldSet.Read(ref first);
        if (own.Length <= LongestText && IsAsWritten(set, own))
        {
            set.Text = own.ToArray();
            Keep(set.Text, set);
        }

        return set;
    }

    private static void Keep(byte[] text, FieldSet set)
    {
        if (Interlocked.Increment(ref _count) > MostTexts)
        {
            Known.Clear();
            Interlocked.Exchange(ref _count, 1);
        }

        Known.TryAdd(text, set);
    }

    // A client may have written it in another order, or with blanks.
    private static bool IsAsWritten(FieldSet set, ReadOnlySpan<byte> text)
    {
        var buffer = new ArrayBufferWriter<byte>(text.Length);
        using (var writer = new Utf8JsonWriter(buffer, ManagedFieldsList.WriterOptions))
        {
            set.WriteTo(writer);
        }

        return buffer.WrittenSpan.SequenceEqual(text);
    }

    private sealed class TextComparer : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
