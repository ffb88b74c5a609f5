using System.Text;
using System.Text.Json;

namespace MiniPlane.Objects.Documents;

/// <summary>
/// Shares texts that many objects repeat: namespaces, label keys and values. Bounded: a slot holds the text that came last, so a
/// text that is not found is merely not shared. Threads may race for a slot; whoever loses has made a text of its own.
/// </summary>
internal sealed class StringPool
{
    private const int Slots = 8192;
    private const int LongestShared = 64;

    public static readonly StringPool Shared = new();

    private readonly string?[] _slots = new string?[Slots];

    /// <summary>The string on which the reader stands.</summary>
    public string Read(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> utf8 = reader.ValueSpan;
        if (reader.ValueIsEscaped || utf8.Length > LongestShared || reader.TokenType == JsonTokenType.Null)
        {
            return reader.GetString() ?? "";
        }

        ref string? slot = ref _slots[Hash(utf8) % Slots];
        if (slot is { } known && Ascii.Equals(utf8, known))
        {
            return known;
        }

        string text = Encoding.UTF8.GetString(utf8);
        slot = text;
        return text;
    }

    private static uint Hash(ReadOnlySpan<byte> utf8)
    {
        // FNV-1a; the texts are short, and nobody gains by making them collide.
        uint hash = 2166136261;
        foreach (byte letter in utf8)
        {
            hash = (hash ^ letter) * 16777619;
        }

        return hash;
    }
}
