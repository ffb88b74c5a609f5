using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using MiniPlane.Cel.Expressions;

namespace MiniPlane.Cel.Functions;

/// <summary>Regular expressions: <c>matches</c>, <c>find</c>, <c>findAll</c>.</summary>
internal static class RegexFunctions
{
    private const int MostKept = 500;
    private static readonly TimeSpan LongestMatch = TimeSpan.FromMilliseconds(250);
    private static readonly ConcurrentDictionary<string, Regex> Compiled = new(StringComparer.Ordinal);

    public static void Add(FunctionList list) => list
        .Add("matches(string, string) bool", Matching(Matches))
        .Add("string.matches(string) bool", Matching(Matches))
        .Add("string.find(string) string", Matching((expression, text, _) => expression.Match(text).Value))
        .Add("string.findAll(string) list", Matching((expression, text, _) => All(expression, text, -1)))
        .Add("string.findAll(string, int) list", Matching((expression, text, values) => All(expression, text, (long)values[2]!)));

    private static object Matches(Regex expression, string text, object?[] values) => expression.IsMatch(text);

    private static Func<object?[], Frame, object?> Matching(Func<Regex, string, object?[], object?> run) => (values, frame) =>
    {
        string text = (string)values[0]!;
        string pattern = (string)values[1]!;
        frame.Budget.Charge(1 + ((1L + (text.Length / 10)) * (1L + (pattern.Length / 4))));
        try
        {
            return run(Compile(pattern), text, values);
        }
        catch (RegexMatchTimeoutException error)
        {
            throw new CelException("the regular expression took too long", error);
        }
    };

    private static List<object?> All(Regex expression, string text, long most)
    {
        IEnumerable<object?> found = expression.Matches(text).Select(match => (object?)match.Value);
        return [.. most < 0 ? found : found.Take((int)Math.Min(most, int.MaxValue))];
    }

    private static Regex Compile(string pattern)
    {
        if (Compiled.TryGetValue(pattern, out Regex? known))
        {
            return known;
        }

        Regex made = Make(pattern);
        if (Compiled.Count < MostKept)
        {
            Compiled.TryAdd(pattern, made);
        }

        return made;
    }

    // Go's expressions never backtrack; the few that .NET cannot run so have a limit of time.
    private static Regex Make(string pattern)
    {
        string translated = pattern.Replace("(?P<", "(?<", StringComparison.Ordinal);
        try
        {
            return new Regex(translated, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, LongestMatch);
        }
        catch (NotSupportedException)
        {
            return new Regex(translated, RegexOptions.CultureInvariant, LongestMatch);
        }
        catch (ArgumentException error)
        {
            throw new CelException($"error parsing regexp: invalid expression: `{pattern}`", error);
        }
    }
}
