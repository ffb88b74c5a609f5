namespace MiniPlane.Objects.Selectors;

/// <summary>Cuts a label selector into words and operators; an empty string is the end.</summary>
internal sealed class LabelSelectorLexer(string text)
{
    private int _at;
    private string? _peeked;

    public static bool IsSpecial(char letter) => letter is '=' or '!' or '(' or ')' or ',' or '>' or '<';

    public string Peek() => _peeked ??= Scan();

    public string Next()
    {
        string word = Peek();
        _peeked = null;
        return word;
    }

    private string Scan()
    {
        while (_at < text.Length && text[_at] is ' ' or '\t' or '\r' or '\n')
        {
            _at++;
        }

        int start = _at;
        if (_at == text.Length)
        {
            return "";
        }

        if (IsSpecial(text[_at]))
        {
            _at++;
            bool isPair = _at < text.Length && text[_at] == '=' && text[start] is '=' or '!';
            _at += isPair ? 1 : 0;
            return text[start.._at];
        }

        while (_at < text.Length && !IsSpecial(text[_at]) && text[_at] is not (' ' or '\t' or '\r' or '\n'))
        {
            _at++;
        }

        return text[start.._at];
    }
}
