using System.Text;

namespace MiniPlane.Workloads.Translation;

/// <summary>Splits and quotes words as a POSIX shell does, without expanding anything.</summary>
public static class ShellWords
{
    /// <summary>The words of a line, or null with the reason when a quote is left open.</summary>
    public static IReadOnlyList<string>? Split(string line, out string problem)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool isInWord = false;
        char quote = '\0';
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            if (quote == '\0' && char.IsWhiteSpace(c))
            {
                Finish(words, word, ref isInWord);
            }
            else if (quote == '\0' && c is '"' or '\'' && quote == '\0')
            {
                quote = c;
                isInWord = true;
            }
            else if (c == quote)
            {
                quote = '\0';
            }
            else if (c == '\\' && quote != '\'' && i + 1 < line.Length && IsEscapable(line[i + 1], quote))
            {
                word.Append(line[++i]);
                isInWord = true;
            }
            else
            {
                word.Append(c);
                isInWord = true;
            }
        }

        problem = quote == '\0' ? "" : $"the quote {quote} is not closed";
        Finish(words, word, ref isInWord);
        return quote == '\0' ? words : null;
    }

    /// <summary>The word so that a shell reads it back unchanged.</summary>
    public static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:=,@%+".Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static bool IsEscapable(char c, char quote) => quote == '\0' || c is '"' or '\\' or '$' or '`';

    private static void Finish(List<string> words, StringBuilder word, ref bool isInWord)
    {
        if (isInWord)
        {
            words.Add(word.ToString());
        }

        word.Clear();
        isInWord = false;
    }
}
