using System.Buffers;
using System.Text.Json;

namespace MiniPlane.Objects.Documents;

/// <summary>
/// Where the values of a stored document begin and end. The text was written and checked by this server, so brackets and quotes are all
/// that is looked at, several times faster than a reader that validates.
/// </summary>
internal static class StoredText
{
    private static readonly SearchValues<byte> AfterLiteral = SearchValues.Create(",]} \n\r\t"u8);

    /// <summary>The place after the value that begins at <paramref name="at"/>.</summary>
    /// <exception cref="JsonException">The text ends before it.</exception>
    public static int EndOfValue(ReadOnlySpan<byte> utf8, int at)
    {
        int depth = 0;
        do
        {
            switch (At(utf8, at))
            {
                case (byte)'"':
                    at = EndOfString(utf8, at);
                    break;
                case (byte)'{' or (byte)'[':
                    depth++;
                    at++;
                    break;
                case (byte)'}' or (byte)']':
                    depth--;
                    at++;
                    break;
                case (byte)',' or (byte)':' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t' when depth > 0:
                    at++;
                    break;
                default:
                    int length = utf8[at..].IndexOfAny(AfterLiteral);
                    at = length > 0 ? at + length : throw Broken(at);
                    break;
            }
        }
        while (depth > 0);
        return depth == 0 ? at : throw Broken(at);
    }

    private static int EndOfString(ReadOnlySpan<byte> utf8, int at)
    {
        for (at++; ; at += 2)
        {
            int length = utf8[at..].IndexOfAny((byte)'"', (byte)'\\');
            at = length >= 0 ? at + length : throw Broken(at);
            if (utf8[at] == '"')
            {
                return at + 1;
            }

            if (at + 2 > utf8.Length)
            {
                throw Broken(at);
            }
        }
    }

    public static int SkipBlanks(ReadOnlySpan<byte> utf8, int at)
    {
        while (At(utf8, at) is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            at++;
        }

        return at;
    }

    public static byte At(ReadOnlySpan<byte> utf8, int at) => at < utf8.Length ? utf8[at] : throw Broken(at);

    /// <summary>The place after <paramref name="letter"/>, which must be at <paramref name="at"/>.</summary>
    public static int Expect(ReadOnlySpan<byte> utf8, int at, byte letter) => At(utf8, at) == letter ? at + 1 : throw Broken(at);

    private static JsonException Broken(int at) => new($"A stored object is not JSON at byte {at}.");
}
