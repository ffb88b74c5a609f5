using System.Globalization;
using System.Text;
using MiniPlane.Cel.Values;

namespace MiniPlane.Cel.Functions;

/// <summary><c>"%s of %d".format([a, b])</c> with the verbs s d f e b x X o.</summary>
internal static class TextFormatter
{
    public static string Format(string pattern, IReadOnlyList<object?> values)
    {
        var text = new StringBuilder();
        int next = 0;
        for (int at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] != '%')
            {
                text.Append(pattern[at]);
                continue;
            }

            at++;
            if (at < pattern.Length && pattern[at] == '%')
            {
                text.Append('%');
                continue;
            }

            int precision = 6;
            if (at < pattern.Length && pattern[at] == '.')
            {
                int start = ++at;
                while (at < pattern.Length && char.IsAsciiDigit(pattern[at]))
                {
                    at++;
                }

                precision = int.Parse(pattern.AsSpan(start, at - start), CultureInfo.InvariantCulture);
            }

            if (at >= pattern.Length)
            {
                throw new CelException("unexpected end of format string");
            }

            if (next >= values.Count)
            {
                throw new CelException($"index {next} out of range");
            }

            text.Append(One(pattern[at], precision, values[next++]));
        }

        return text.ToString();
    }

    private static string One(char verb, int precision, object? value)
    {
        IFormatProvider culture = CultureInfo.InvariantCulture;
        return (verb, value) switch
        {
            ('s', _) => Plain(value),
            ('d', long or ulong) => CelText.Of(value),
            ('d', double number) when double.IsNaN(number) || double.IsInfinity(number) => CelText.Of(value),
            ('f', double or long or ulong) => Convert.ToDouble(value, culture).ToString("F" + precision.ToString(culture), culture),
            ('e', double or long or ulong) => Exponent(Convert.ToDouble(value, culture), precision),
            ('b', long number) => number < 0 ? "-" + Convert.ToString(-number, 2) : Convert.ToString(number, 2),
            ('b', ulong number) => Convert.ToString((long)number, 2),
            ('b', bool flag) => flag ? "1" : "0",
            ('o', long number) => Convert.ToString(number, 8),
            ('x', long number) => number < 0 ? "-" + (-number).ToString("x", culture) : number.ToString("x", culture),
            ('x', ulong number) => number.ToString("x", culture),
            ('x', string text) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
            ('x', byte[] bytes) => Convert.ToHexStringLower(bytes),
            ('X', long or ulong or string or byte[]) => One('x', precision, value).ToUpperInvariant(),
            _ => throw new CelException($"error during formatting: unrecognized formatting clause \"{verb}\" for this value"),
        };
    }

    private static string Exponent(double number, int precision)
    {
        string text = number.ToString("e" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        int mark = text.IndexOf('e', StringComparison.Ordinal);
        return $"{text[..(mark + 2)]}{text[(mark + 2)..].TrimStart('0').PadLeft(2, '0')}";
    }

    private static string Plain(object? value) => value switch
    {
        CelMap map => "{" + string.Join(", ", Entries(map)) + "}",
        string text => text,
        IReadOnlyList<object?> list => "[" + string.Join(", ", list.Select(Inner)) + "]",
        _ => CelText.Of(value),
    };

    private static string Inner(object? value) => value is string text ? $"\"{text}\"" : Plain(value);

    private static IEnumerable<string> Entries(CelMap map) => map.Keys.Select(key =>
    {
        map.TryGet(key, out object? value);
        return $"{Inner(key)}: {Inner(value)}";
    }).Order(StringComparer.Ordinal);
}
