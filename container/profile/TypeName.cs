namespace MiniPlane.StartupProfile;

/// <summary>A type as the just-in-time compiler names it: nested types by <c>+</c>, the arguments of all of them in brackets at the end.</summary>
internal sealed record TypeName(string Name, IReadOnlyList<TypeName> Arguments, int ArrayDepth)
{
    /// <summary>Reads a type and stops at <paramref name="end"/>, or at a comma or closing bracket.</summary>
    public static TypeName Parse(string text, ref int position, char end)
    {
        int begin = position;
        while (position < text.Length && text[position] is not ('[' or ']' or ',') && text[position] != end)
        {
            position++;
        }

        string name = text[begin..position];
        IReadOnlyList<TypeName> arguments = [];
        int depth = 0;
        while (position < text.Length && text[position] == '[')
        {
            if (position + 1 < text.Length && text[position + 1] is ']' or ',')
            {
                position = text.IndexOf(']', position) + 1;
                depth++;
            }
            else
            {
                arguments = ParseList(text, ref position, ']');
            }
        }

        return new TypeName(name, arguments, depth);
    }

    /// <summary>Reads a list in brackets or parentheses, and stops behind it.</summary>
    public static IReadOnlyList<TypeName> ParseList(string text, ref int position, char end)
    {
        List<TypeName> list = [];
        position++;
        while (position < text.Length && text[position] != end)
        {
            int begin = position;
            list.Add(Parse(text, ref position, end));
            if (position < text.Length && text[position] == ',')
            {
                position++;
            }
            else if (position == begin)
            {
                throw new FormatException($"Column {position} of \"{text}\" is neither a type nor the end of a list.");
            }
        }

        position++;
        return list;
    }
}
