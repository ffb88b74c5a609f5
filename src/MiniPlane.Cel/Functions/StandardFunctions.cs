using System.Globalization;
using System.Text;
using MiniPlane.Cel.Values;

namespace MiniPlane.Cel.Functions;

/// <summary>Conversions and sizes (CEL language definition, "Standard Definitions").</summary>
internal static class StandardFunctions
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, true);

    public static void Add(FunctionList list)
    {
        foreach (string type in (string[])["string", "bytes", "list", "map"])
        {
            list.Add($"size({type}) int", (values, frame) => Arithmetic.Size(values[0]));
            list.Add($"{type}.size() int", (values, frame) => Arithmetic.Size(values[0]));
        }

        list.Add("type(dyn) type", values => CelText.TypeOf(values[0]))
            .Add("dyn(dyn) dyn", values => values[0])
            .Add("bool(bool) bool", values => values[0])
            .Add("bool(string) bool", values => ToBool((string)values[0]!))
            .Add("bytes(bytes) bytes", values => values[0])
            .Add("bytes(string) bytes", values => Encoding.UTF8.GetBytes((string)values[0]!));
        AddNumbers(list);
        foreach (string type in (string[])["string", "bool", "int", "uint", "double", "timestamp", "duration"])
        {
            list.Add($"string({type}) string", values => CelText.Of(values[0]));
        }

        list.Add("string(bytes) string", values => ToText((byte[])values[0]!));
    }

    private static void AddNumbers(FunctionList list) => list
        .Add("int(int) int", values => values[0])
        .Add("int(uint) int", values => (ulong)values[0]! <= long.MaxValue ? (object)(long)(ulong)values[0]! : throw Overflow())
        .Add("int(double) int", values => ToInt((double)values[0]!))
        .Add("int(string) int", values => long.TryParse((string)values[0]!, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new CelException($"strconv.ParseInt: parsing \"{values[0]}\": invalid syntax"))
        .Add("int(timestamp) int", values => ((DateTimeOffset)values[0]!).ToUnixTimeSeconds())
        .Add("uint(uint) uint", values => values[0])
        .Add("uint(int) uint", values => (long)values[0]! >= 0 ? (object)(ulong)(long)values[0]! : throw new CelException("unsigned integer overflow"))
        .Add("uint(double) uint", values => (double)values[0]! is >= 0 and < 18446744073709551616d and double number ? (ulong)number : throw new CelException("unsigned integer overflow"))
        .Add("uint(string) uint", values => ulong.TryParse((string)values[0]!, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : throw new CelException($"strconv.ParseUint: parsing \"{values[0]}\": invalid syntax"))
        .Add("double(double) double", values => values[0])
        .Add("double(int) double", values => (double)(long)values[0]!)
        .Add("double(uint) double", values => (double)(ulong)values[0]!)
        .Add("double(string) double", values => double.TryParse((string)values[0]!, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number
            : throw new CelException($"strconv.ParseFloat: parsing \"{values[0]}\": invalid syntax"));

    private static object ToBool(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
        _ => throw new CelException($"strconv.ParseBool: parsing \"{text}\": invalid syntax"),
    };

    private static object ToInt(double number) => number is > -9223372036854775808d and < 9223372036854775808d ? (long)number : throw Overflow();

    private static string ToText(byte[] bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException error)
        {
            throw new CelException("invalid UTF-8 in bytes, cannot convert to string", error);
        }
    }

    private static CelException Overflow() => new("integer overflow");
}
