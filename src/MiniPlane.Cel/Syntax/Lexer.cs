using System.Globalization;
using System.Text;

namespace MiniPlane.Cel.Syntax;

/// <summary>Cuts an expression into tokens (the lexis of the CEL language definition).</summary>
internal sealed class Lexer(string text)
{
    private static readonly string[] Symbols =
    [
        "&&", "||", "==", "!=", "<=", ">=",
        "+", "-", "*", "/", "%", "<", ">", "!", "?", ":", ".", ",", "(", ")", "[", "]", "{", "}",
    ];

    private int _at;

    public List<Token> Read()
    {
        List<Token> tokens = [];
        while (true)
        {
            SkipSpace();
            Token token = Next();
            tokens.Add(token);
            if (token.Kind == TokenKind.End)
            {
                return tokens;
            }
        }
    }

    private void SkipSpace()
    {
        while (_at < text.Length)
        {
            if (text[_at] is ' ' or '\t' or '\n' or '\r' or '\f')
            {
                _at++;
            }
            else if (text[_at] == '/' && _at + 1 < text.Length && text[_at + 1] == '/')
            {
                int end = text.IndexOf('\n', _at);
                _at = end < 0 ? text.Length : end;
            }
            else
            {
                return;
            }
        }
    }

    private Token Next()
    {
        if (_at >= text.Length)
        {
            return new Token(TokenKind.End, "<EOF>", text.Length);
        }

        int start = _at;
        char first = text[_at];
        if (char.IsAsciiDigit(first) || (first == '.' && _at + 1 < text.Length && char.IsAsciiDigit(text[_at + 1])))
        {
            return Number();
        }

        if (StringStart() is { } prefix)
        {
            return Text(start, prefix);
        }

        if (char.IsAsciiLetter(first) || first == '_')
        {
            while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] == '_'))
            {
                _at++;
            }

            return new Token(TokenKind.Identifier, text[start.._at], start);
        }

        if (first == '`')
        {
            int end = text.IndexOf('`', start + 1);
            if (end < 0)
            {
                throw new SyntaxException(start, "Syntax error: token recognition error at: '`'");
            }

            _at = end + 1;
            return new Token(TokenKind.QuotedName, text[(start + 1)..end], start);
        }

        foreach (string symbol in Symbols)
        {
            if (string.CompareOrdinal(text, _at, symbol, 0, symbol.Length) == 0)
            {
                _at += symbol.Length;
                return new Token(TokenKind.Symbol, symbol, start);
            }
        }

        throw new SyntaxException(start, $"Syntax error: token recognition error at: '{first}'");
    }

    private Token Number()
    {
        int start = _at;
        if (text[_at] == '0' && _at + 1 < text.Length && text[_at + 1] is 'x' or 'X')
        {
            _at += 2;
            int digits = _at;
            while (_at < text.Length && char.IsAsciiHexDigit(text[_at]))
            {
                _at++;
            }

            return Integer(start, text[digits.._at], NumberStyles.AllowHexSpecifier);
        }

        SkipDigits();
        bool isDouble = false;
        if (_at + 1 < text.Length && text[_at] == '.' && char.IsAsciiDigit(text[_at + 1]))
        {
            isDouble = true;
            _at++;
            SkipDigits();
        }

        if (_at < text.Length && text[_at] is 'e' or 'E')
        {
            isDouble = true;
            _at += _at + 1 < text.Length && text[_at + 1] is '+' or '-' ? 2 : 1;
            SkipDigits();
        }

        return isDouble
            ? new Token(TokenKind.Double, text[start.._at], start, double.Parse(text.AsSpan(start, _at - start), CultureInfo.InvariantCulture))
            : Integer(start, text[start.._at], NumberStyles.None);
    }

    private void SkipDigits()
    {
        while (_at < text.Length && char.IsAsciiDigit(text[_at]))
        {
            _at++;
        }
    }

    private Token Integer(int start, string digits, NumberStyles style)
    {
        if (!ulong.TryParse(digits, style, CultureInfo.InvariantCulture, out ulong value))
        {
            throw new SyntaxException(start, "Syntax error: invalid int literal");
        }

        if (_at < text.Length && text[_at] is 'u' or 'U')
        {
            _at++;
            return new Token(TokenKind.Uint, text[start.._at], start, value);
        }

        return new Token(TokenKind.Int, text[start.._at], start, value);
    }

    // The letters before a quote: r for raw, b for bytes; null when no literal starts here.
    private string? StringStart()
    {
        int at = _at;
        while (at < text.Length && at - _at < 2 && text[at] is 'r' or 'R' or 'b' or 'B')
        {
            at++;
        }

        return at < text.Length && text[at] is '"' or '\'' ? text[_at..at].ToLowerInvariant() : null;
    }

    private Token Text(int start, string prefix)
    {
        _at += prefix.Length;
        char quote = text[_at];
        bool isTriple = string.CompareOrdinal(text, _at, new string(quote, 3), 0, 3) == 0;
        string end = new(quote, isTriple ? 3 : 1);
        _at += end.Length;
        int from = _at;
        bool isRaw = prefix.Contains('r', StringComparison.Ordinal);
        while (_at < text.Length && string.CompareOrdinal(text, _at, end, 0, end.Length) != 0)
        {
            if (text[_at] is '\n' or '\r' && !isTriple)
            {
                throw new SyntaxException(start, $"Syntax error: token recognition error at: '{text[start.._at]}'");
            }

            _at += text[_at] == '\\' && !isRaw ? 2 : 1;
        }

        if (_at >= text.Length)
        {
            throw new SyntaxException(start, $"Syntax error: token recognition error at: '{text[start..]}'");
        }

        string body = text[from.._at];
        _at += end.Length;
        bool isBytes = prefix.Contains('b', StringComparison.Ordinal);
        if (isBytes)
        {
            byte[] bytes = isRaw ? Encoding.UTF8.GetBytes(body) : Escapes.Bytes(body, from);
            return new Token(TokenKind.Bytes, body, start, bytes);
        }

        return new Token(TokenKind.String, body, start, isRaw ? body : Escapes.Text(body, from));
    }
}
