using System.Text;
using MiniPlane.Cel.Expressions;

namespace MiniPlane.Cel.Functions;

/// <summary>Texts: the standard functions, cel-go's strings extension (positions count characters) and base64.</summary>
internal static class StringFunctions
{
    public static void Add(FunctionList list)
    {
        list.Add("string.contains(string) bool", Reading(values => Text(values, 0).Contains(Text(values, 1), StringComparison.Ordinal)))
            .Add("string.startsWith(string) bool", Reading(values => Text(values, 0).StartsWith(Text(values, 1), StringComparison.Ordinal)))
            .Add("string.endsWith(string) bool", Reading(values => Text(values, 0).EndsWith(Text(values, 1), StringComparison.Ordinal)))
            .Add("string.charAt(int) string", Reading(values => CharAt(Runes(values, 0), (long)values[1]!)))
            .Add("string.indexOf(string) int", Reading(values => IndexOf(Text(values, 0), Text(values, 1), 0)))
            .Add("string.indexOf(string, int) int", Reading(values => IndexOf(Text(values, 0), Text(values, 1), (long)values[2]!)))
            .Add("string.lastIndexOf(string) int", Reading(values => LastIndexOf(Text(values, 0), Text(values, 1), null)))
            .Add("string.lastIndexOf(string, int) int", Reading(values => LastIndexOf(Text(values, 0), Text(values, 1), (long)values[2]!)))
            .Add("string.lowerAscii() string", Reading(values => string.Concat(Text(values, 0).Select(letter => char.IsAscii(letter) ? char.ToLowerInvariant(letter) : letter))))
            .Add("string.upperAscii() string", Reading(values => string.Concat(Text(values, 0).Select(letter => char.IsAscii(letter) ? char.ToUpperInvariant(letter) : letter))))
            .Add("string.trim() string", Reading(values => Text(values, 0).Trim()))
            .Add("string.reverse() string", Reading(values => string.Concat(Runes(values, 0).AsEnumerable().Reverse())))
            .Add("string.replace(string, string) string", Reading(values => Replace(Text(values, 0), Text(values, 1), Text(values, 2), -1)))
            .Add("string.replace(string, string, int) string", Reading(values => Replace(Text(values, 0), Text(values, 1), Text(values, 2), (long)values[3]!)))
            .Add("string.split(string) list", Reading(values => Split(Text(values, 0), Text(values, 1), -1)))
            .Add("string.split(string, int) list", Reading(values => Split(Text(values, 0), Text(values, 1), (long)values[2]!)))
            .Add("string.substring(int) string", Reading(values => Substring(Runes(values, 0), (long)values[1]!, null)))
            .Add("string.substring(int, int) string", Reading(values => Substring(Runes(values, 0), (long)values[1]!, (long)values[2]!)))
            .Add("string.format(list) string", Reading(values => TextFormatter.Format(Text(values, 0), (IReadOnlyList<object?>)values[1]!)))
            .Add("strings.join() string", (values, frame) => Join(values, "", frame))
            .Add("strings.join(string) string", (values, frame) => Join(values, Text(values, 1), frame))
            .Add("quote(string) string", Reading(values => Quote(Text(values, 0))))
            .Add("jsonpatch.escapeKey(string) string", values => Text(values, 0).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal))
            .Add("base64.encode(bytes) string", values => Convert.ToBase64String((byte[])values[0]!))
            .Add("base64.decode(string) bytes", values => Decode(Text(values, 0)));
        list.Functions["strings.quote"] = list.Functions["quote"];
    }

    /// <summary>A function that costs what reading its first text costs.</summary>
    public static Func<object?[], Frame, object?> Reading(Func<object?[], object?> run) => (values, frame) =>
    {
        frame.Budget.Charge(1 + (((values[0] as string)?.Length ?? 0) / 10));
        return run(values);
    };

    private static string Text(object?[] values, int at) => (string)values[at]!;

    private static Rune[] Runes(object?[] values, int at) => [.. Text(values, at).EnumerateRunes()];

    private static string CharAt(Rune[] runes, long at)
    {
        if (at < 0 || at > runes.Length)
        {
            throw new CelException($"index out of range: {at}");
        }

        return at == runes.Length ? "" : runes[at].ToString();
    }

    private static object IndexOf(string text, string wanted, long from)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        if (from < 0 || from > runes.Length)
        {
            throw new CelException($"index out of range: {from}");
        }

        Rune[] part = [.. wanted.EnumerateRunes()];
        int found = runes.AsSpan((int)from).IndexOf(part);
        return found < 0 ? -1L : found + from;
    }

    private static object LastIndexOf(string text, string wanted, long? from)
    {
        Rune[] runes = [.. text.EnumerateRunes()];
        Rune[] part = [.. wanted.EnumerateRunes()];
        if (from is < 0 || from > runes.Length)
        {
            throw new CelException($"index out of range: {from}");
        }

        int end = (int)Math.Min(runes.Length, (from ?? runes.Length) + part.Length);
        return (long)runes.AsSpan(0, end).LastIndexOf(part);
    }

    private static string Replace(string text, string old, string replacement, long most)
    {
        if (most < 0)
        {
            return old.Length == 0 ? replacement + string.Concat(text.EnumerateRunes().Select(rune => rune + replacement)) : text.Replace(old, replacement, StringComparison.Ordinal);
        }

        var result = new StringBuilder();
        int from = 0;
        for (long done = 0; done < most && old.Length > 0; done++)
        {
            int at = text.IndexOf(old, from, StringComparison.Ordinal);
            if (at < 0)
            {
                break;
            }

            result.Append(text, from, at - from).Append(replacement);
            from = at + old.Length;
        }

        return result.Append(text, from, text.Length - from).ToString();
    }

    private static List<object?> Split(string text, string separator, long most)
    {
        if (most == 0)
        {
            return [];
        }

        if (separator.Length == 0)
        {
            object?[] all = [.. text.EnumerateRunes().Select(rune => (object?)rune.ToString())];
            return most < 0 || all.Length <= most ? [.. all] : [.. all[..(int)(most - 1)], string.Concat(all[(int)(most - 1)..])];
        }

        string[] parts = most < 0 ? text.Split(separator) : text.Split(separator, (int)Math.Min(most, int.MaxValue));
        return [.. parts];
    }

    private static string Substring(Rune[] runes, long start, long? end)
    {
        long to = end ?? runes.Length;
        if (start < 0 || start > runes.Length || to < 0 || to > runes.Length)
        {
            throw new CelException($"index out of range: {(start < 0 || start > runes.Length ? start : to)}");
        }

        return start > to
            ? throw new CelException($"invalid substring range. start: {start}, end: {to}")
            : string.Concat(runes[(int)start..(int)to]);
    }

    private static string Join(object?[] values, string separator, Frame frame)
    {
        var list = (IReadOnlyList<object?>)values[0]!;
        string text = string.Join(separator, list.Select(item => item as string ?? throw CelException.NoSuchOverload()));
        frame.Budget.Charge(1 + (text.Length / 10));
        return text;
    }

    private static string Quote(string text) => '"' + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal) + '"';

    // Padding may be left out.
    private static byte[] Decode(string text)
    {
        string padded = text.TrimEnd('=');
        return Convert.FromBase64String(padded + new string('=', (4 - (padded.Length % 4)) % 4));
    }
}
