using System.Globalization;
using System.Text;

namespace MiniPlane.Cel.Values;

/// <summary>Values as text: the conversion <c>string(x)</c>, and type names.</summary>
internal static class CelText
{
    public static string Of(object? value) => value switch
    {
        null => "null",
        string text => text,
        bool flag => flag ? "true" : "false",
        double number => Of(number),
        byte[] bytes => Encoding.UTF8.GetString(bytes),
        DateTimeOffset time => CelTimes.Format(time),
        TimeSpan span => CelTimes.Format(span),
        CelType type => type.ToString(),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>As Go's strconv prints with the fewest digits.</summary>
    public static string Of(double number)
    {
        if (double.IsNaN(number))
        {
            return "NaN";
        }

        if (double.IsInfinity(number))
        {
            return number > 0 ? "+Inf" : "-Inf";
        }

        string text = number.ToString("R", CultureInfo.InvariantCulture);
        int mark = text.IndexOf('E', StringComparison.Ordinal);
        return mark < 0 ? text : $"{text[..mark]}e{text[mark + 1]}{text[(mark + 2)..].PadLeft(2, '0')}";
    }

    /// <summary>The type of a value that exists.</summary>
    public static CelType TypeOf(object? value) => value switch
    {
        null => CelType.Null,
        bool => CelType.Bool,
        long => CelType.Int,
        ulong => CelType.Uint,
        double => CelType.Double,
        string => CelType.String,
        byte[] => CelType.Bytes,
        DateTimeOffset => CelType.Timestamp,
        TimeSpan => CelType.Duration,
        CelMap => CelType.Of(CelKind.Map),
        IReadOnlyList<object?> => CelType.Of(CelKind.List),
        CelOptional => CelType.Of(CelKind.Optional),
        CelType => CelType.Type,
        ICelOpaque opaque => CelType.Of(opaque.Kind),
        _ => CelType.Dyn,
    };
}
