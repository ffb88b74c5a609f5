using System.Globalization;
using System.Text;

namespace MiniPlane.Cel.Syntax;

/// <summary>Escape sequences of string and bytes literals.</summary>
internal static class Escapes
{
    public static string Text(string body, int position)
    {
        if (!body.Contains('\\', StringComparison.Ordinal))
        {
            return body;
        }

        var text = new StringBuilder(body.Length);
        for (int at = 0; at < body.Length;)
        {
            if (body[at] != '\\')
            {
                text.Append(body[at++]);
                continue;
            }

            text.Append(Rune(body, ref at, position).ToString());
        }

        return text.ToString();
    }

    public static byte[] Bytes(string body, int position)
    {
        var bytes = new List<byte>(body.Length);
        for (int at = 0; at < body.Length;)
        {
            if (body[at] != '\\')
            {
                int length = char.IsSurrogatePair(body, at) ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(body.Substring(at, length)));
                at += length;
                continue;
            }

            // In bytes a numeric escape is one byte, not a character.
            bool isByte = at + 1 < body.Length && (body[at + 1] is 'x' or 'X' || char.IsAsciiDigit(body[at + 1]));
            Rune rune = Rune(body, ref at, position);
            bytes.AddRange(isByte ? [(byte)rune.Value] : Encoding.UTF8.GetBytes(rune.ToString()));
        }

        return [.. bytes];
    }

    private static Rune Rune(string body, ref int at, int position)
    {
        int start = position + at;
        char letter = at + 1 < body.Length ? body[at + 1] : '\0';
        at += 2;
        switch (letter)
        {
            case 'n': return new Rune('\n');
            case 't': return new Rune('\t');
            case 'r': return new Rune('\r');
            case 'a': return new Rune('\a');
            case 'b': return new Rune('\b');
            case 'f': return new Rune('\f');
            case 'v': return new Rune('\v');
            case '\\' or '\'' or '"' or '`' or '?': return new Rune(letter);
            case 'x' or 'X': return Number(body, ref at, 2, 16, start);
            case 'u': return Number(body, ref at, 4, 16, start);
            case 'U': return Number(body, ref at, 8, 16, start);
            case >= '0' and <= '3':
                at--;
                return Number(body, ref at, 3, 8, start);
            default:
                throw new SyntaxException(start, "Syntax error: invalid escape sequence in literal");
        }
    }

    private static Rune Number(string body, ref int at, int digits, int radix, int position)
    {
        if (at + digits > body.Length)
        {
            throw new SyntaxException(position, "Syntax error: invalid escape sequence in literal");
        }

        string text = body.Substring(at, digits);
        at += digits;
        try
        {
            int value = radix == 8
                ? Convert.ToInt32(text, 8)
                : int.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            return System.Text.Rune.IsValid(value) ? new Rune(value) : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new SyntaxException(position, "Syntax error: invalid escape sequence in literal");
        }
    }
}
