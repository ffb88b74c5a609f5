namespace MiniPlane.Objects.Catalogue;

/// <summary>
/// One line of a <c>.kind</c> file: words, then options (<c>#3</c>, <c>required</c>, <c>name=value</c>), then after
/// <c> : </c> the description. A word or value with spaces is in double quotes.
/// </summary>
internal readonly ref struct KindFileLine
{
    public const string DescriptionMark = " : ";

    private KindFileLine(List<string> words, string description)
    {
        Words = words;
        Description = description;
    }

    public List<string> Words { get; }

    public string Description { get; }

    public static KindFileLine Parse(ReadOnlySpan<char> line)
    {
        int mark = line.IndexOf(DescriptionMark, StringComparison.Ordinal);
        string description = mark < 0 ? "" : line[(mark + DescriptionMark.Length)..].ToString();
        return new KindFileLine(Split(mark < 0 ? line : line[..mark]), description);
    }

    /// <summary>The value of the option <paramref name="name"/> (given with its equals sign), or null.</summary>
    public string? Option(string name)
    {
        foreach (string word in Words)
        {
            if (word.StartsWith(name, StringComparison.Ordinal))
            {
                return word[name.Length..];
            }
        }

        return null;
    }

    private static List<string> Split(ReadOnlySpan<char> text)
    {
        var words = new List<string>(8);
        int at = 0;
        while (at < text.Length)
        {
            if (text[at] == ' ')
            {
                at++;
                continue;
            }

            int start = at;
            bool isQuoted = false;
            while (at < text.Length && (isQuoted || text[at] != ' '))
            {
                isQuoted ^= text[at] == '"';
                at++;
            }

            words.Add(text[start..at].ToString());
        }

        return words;
    }
}
