namespace MiniPlane.Agent.Variables;

/// <summary>
/// Variables that a container has written to a file for those after it (core.v1.FileKeySelector): one NAME='value' after the other, empty
/// lines and lines that begin with #. Quoted values may have several lines. Pure.
/// </summary>
internal static class EnvFile
{
    /// <summary>The variables; <see cref="VariableException"/> for what is not one.</summary>
    public static IReadOnlyDictionary<string, string> Parse(string text)
    {
        Dictionary<string, string> variables = new(StringComparer.Ordinal);
        int at = 0;
        while (at < text.Length)
        {
            int end = EndOfLine(text, at);
            string line = text[at..end].Trim();
            if (line.Length > 0 && line[0] != '#')
            {
                end = Add(text, at, end, variables);
            }

            at = end + 1;
        }

        return variables;
    }

    /// <summary>Reads the variable that begins here; answers where its last line ends.</summary>
    private static int Add(string text, int start, int end, Dictionary<string, string> variables)
    {
        int equals = text.IndexOf('=', start, end - start);
        string name = equals < 0 ? "" : text[start..equals].Trim();
        if (name.Length == 0 || name.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)))
        {
            throw new VariableException($"\"{text[start..end]}\" is not NAME='value'");
        }

        int value = equals + 1;
        if (value >= text.Length || text[value] is not ('\'' or '"'))
        {
            variables[name] = text[value..end].Trim();
            return end;
        }

        int close = text.IndexOf(text[value], value + 1);
        if (close < 0)
        {
            throw new VariableException($"the value of {name} has no closing quote");
        }

        int last = EndOfLine(text, close);
        string rest = text[(close + 1)..last].Trim();
        if (rest.Length > 0 && rest[0] != '#')
        {
            throw new VariableException($"the value of {name} is followed by \"{rest}\"");
        }

        variables[name] = text[(value + 1)..close];
        return last;
    }

    private static int EndOfLine(string text, int from) => text.IndexOf('\n', from) is >= 0 and var end ? end : text.Length;
}
