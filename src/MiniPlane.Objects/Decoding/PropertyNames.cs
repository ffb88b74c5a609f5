using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace MiniPlane.Objects.Decoding;

/// <summary>
/// Property names as shared strings: nearly all names of a request are the same few hundred words of the API. A small direct-mapped
/// table that forgets the older of two names that fall on one place; races lose an entry at most.
/// </summary>
internal static class PropertyNames
{
    private const int LongestShared = 48;
    private const int Places = 2048;

    private static readonly Entry?[] Known = new Entry?[Places];

    /// <summary>The name on which the reader stands.</summary>
    public static string Read(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueSpan.Length is 0 or > LongestShared)
        {
            return reader.GetString() ?? "";
        }

        if (!reader.ValueIsEscaped)
        {
            return Share(reader.ValueSpan);
        }

        Span<byte> plain = stackalloc byte[LongestShared];
        return Share(plain[..reader.CopyString(plain)]);
    }

    private static string Share(ReadOnlySpan<byte> utf8)
    {
        ref Entry? place = ref Known[Hash(utf8) & (Places - 1)];
        if (place is { } known && utf8.SequenceEqual(known.Utf8))
        {
            return known.Text;
        }

        var entry = new Entry(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
        place = entry;
        return entry.Text;
    }

    private static uint Hash(ReadOnlySpan<byte> utf8)
    {
        uint hash = (uint)utf8.Length;
        while (utf8.Length >= 4)
        {
            hash = (hash ^ MemoryMarshal.Read<uint>(utf8)) * 0x9E3779B1;
            utf8 = utf8[4..];
        }

        foreach (byte one in utf8)
        {
            hash = (hash ^ one) * 0x9E3779B1;
        }

        return hash ^ (hash >> 15);
    }

    private sealed record Entry(byte[] Utf8, string Text);
}
