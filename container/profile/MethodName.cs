namespace MiniPlane.StartupProfile;

/// <summary>
/// A method as the just-in-time compiler names it: <c>Namespace.Outer`1+Inner[arguments]:Method[arguments](parameters)</c>. In a list
/// each type has a line with its methods after it, and parameters are only counted, <c>Type Method(2) Other(0)</c>, so that a list
/// outlives small changes of the code.
/// </summary>
internal sealed record MethodName(TypeName Type, string Name, IReadOnlyList<TypeName> Arguments, int Parameters)
{
    private const string Marker = "JIT compiled ";

    /// <summary>The lines of a list from what the compiler wrote, in ordinal order, without what has no name in an assembly.</summary>
    public static IEnumerable<string> Collect(IEnumerable<string> output) => output
        .Select(Split)
        .OfType<(string Type, string Method)>()
        .GroupBy(static name => name.Type, static name => name.Method, StringComparer.Ordinal)
        .OrderBy(static type => type.Key, StringComparer.Ordinal)
        .Select(static type => $"{type.Key} {string.Join(' ', type.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))}");

    /// <summary>Reads a line of a list.</summary>
    public static IEnumerable<MethodName> Parse(string line)
    {
        string[] words = line.Split(' ');
        int position = 0;
        var type = TypeName.Parse(words[0], ref position, ' ');
        return words.Skip(1).Select(word => Parse(type, word));
    }

    private static MethodName Parse(TypeName type, string method)
    {
        int open = method.LastIndexOf('(');
        int parameters = int.Parse(method.AsSpan(open + 1, method.Length - open - 2), null);
        int bracket = method.IndexOf('[', StringComparison.Ordinal);
        if (bracket < 0)
        {
            return new MethodName(type, method[..open], [], parameters);
        }

        string name = method[..bracket];
        return new MethodName(type, name, TypeName.ParseList(method, ref bracket, ']'), parameters);
    }

    private static (string Type, string Method)? Split(string line)
    {
        int begin = line.IndexOf(Marker, StringComparison.Ordinal);
        int colon = begin < 0 ? -1 : line.IndexOf(':', begin);
        int open = colon < 0 ? -1 : line.IndexOf('(', colon);
        if (open < 0 || line.Contains("(dynamicClass)", StringComparison.Ordinal) || line.Contains("IL_STUB", StringComparison.Ordinal))
        {
            return null;
        }

        int position = open;
        int count = TypeName.ParseList(line, ref position, ')').Count;
        string method = string.Create(null, $"{line.AsSpan(colon + 1, open - colon - 1)}({count})");
        return method.Contains(' ', StringComparison.Ordinal) ? null : (line[(begin + Marker.Length)..colon], method);
    }
}
