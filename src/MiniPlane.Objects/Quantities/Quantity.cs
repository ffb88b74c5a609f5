using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;

namespace MiniPlane.Objects.Quantities;

/// <summary>
/// api.resource.Quantity: an exact number with a unit suffix, such as <c>500m</c>, <c>1Gi</c> or <c>2e3</c>. Parts finer than
/// a billionth are rounded away from zero; binary quantities are capped at 2^63-1. Equality and order are by value, so
/// <c>1</c> equals <c>1000m</c>; <see cref="ToString"/> gives the canonical form.
/// </summary>
public readonly struct Quantity : IComparable<Quantity>, IEquatable<Quantity>
{
    /// <summary>What upstream answers to a text that is no quantity.</summary>
    public const string FormatMessage =
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

    public const string SuffixMessage = "unable to parse quantity's suffix";

    public static readonly Quantity Zero;

    // Large enough for any number that a person writes, small enough to bound the work.
    private const int LongestText = 256;

    private static readonly BigInteger Nano = 1_000_000_000;
    private static readonly BigInteger LargestBinary = long.MaxValue * Nano;

    // The quantities of a cluster are few texts, and each is read several times in every write. A place holds the one that came last.
    private static readonly Known?[] Recent = new Known?[512];

    private readonly BigInteger _nanos;

    private Quantity(BigInteger nanos, QuantityFormat format)
    {
        _nanos = nanos;
        Format = format;
    }

    public QuantityFormat Format { get; }

    public bool IsZero => _nanos.IsZero;

    /// <summary>-1, 0 or 1.</summary>
    public int Sign => _nanos.Sign;

    /// <summary>The value as a whole number, rounded up; capped to the range of long.</summary>
    public long Value => Clamp(RoundUp(_nanos, Nano) / Nano);

    /// <summary>The value in thousandths, rounded up; capped to the range of long.</summary>
    public long MilliValue => Clamp(RoundUp(_nanos, 1_000_000) / 1_000_000);

    public static bool operator ==(Quantity left, Quantity right) => left.Equals(right);

    public static bool operator !=(Quantity left, Quantity right) => !left.Equals(right);

    public static bool operator <(Quantity left, Quantity right) => left._nanos < right._nanos;

    public static bool operator >(Quantity left, Quantity right) => left._nanos > right._nanos;

    public static bool operator <=(Quantity left, Quantity right) => left._nanos <= right._nanos;

    public static bool operator >=(Quantity left, Quantity right) => left._nanos >= right._nanos;

    /// <summary>The sum, in the format of the left side unless that is zero.</summary>
    public static Quantity operator +(Quantity left, Quantity right) =>
        new(left._nanos + right._nanos, left.IsZero ? right.Format : left.Format);

    /// <summary>The difference, in the format of the left side unless that is zero.</summary>
    public static Quantity operator -(Quantity left, Quantity right) =>
        new(left._nanos - right._nanos, left.IsZero ? right.Format : left.Format);

    public static Quantity operator -(Quantity value) => new(-value._nanos, value.Format);

    public static Quantity FromValue(long value, QuantityFormat format = QuantityFormat.DecimalSI) => new(value * Nano, format);

    public static Quantity FromMilli(long milli, QuantityFormat format = QuantityFormat.DecimalSI) =>
        new((BigInteger)milli * 1_000_000, format);

    public static Quantity Max(Quantity left, Quantity right) => left >= right ? left : right;

    public static Quantity Min(Quantity left, Quantity right) => left <= right ? left : right;

    /// <summary>Parses a text that is known to be a quantity.</summary>
    /// <exception cref="FormatException">It is none; the message is upstream's.</exception>
    public static Quantity Parse(string text) =>
        TryParse(text, out Quantity quantity, out string? problem) ? quantity : throw new FormatException(problem);

    public static bool TryParse([NotNullWhen(true)] string? text, out Quantity quantity) => TryParse(text, out quantity, out _);

    /// <summary>Parses, or says in upstream's words why not.</summary>
    public static bool TryParse(
        [NotNullWhen(true)] string? text, out Quantity quantity, [NotNullWhen(false)] out string? problem)
    {
        quantity = default;
        ref Known? place = ref Recent[(text ?? "").GetHashCode(StringComparison.Ordinal) & (Recent.Length - 1)];
        if (place is { } known && known.Text == text)
        {
            (quantity, problem) = (known.Quantity, null);
            return true;
        }

        if (text is null || text.Length is 0 or > LongestText || !TrySplit(text, out Parts parts))
        {
            problem = FormatMessage;
            return false;
        }

        if (QuantitySuffix.Parse(text[parts.SuffixStart..]) is not { } suffix)
        {
            problem = SuffixMessage;
            return false;
        }

        quantity = FromParts(text, parts, suffix);
        place = new Known(text, quantity);
        problem = null;
        return true;
    }

    /// <summary>Rounds away what is finer than a thousandth, as upstream does for all resource lists.</summary>
    public Quantity RoundUpToMilli() => new(RoundUp(_nanos, 1_000_000), Format);

    public int CompareTo(Quantity other) => _nanos.CompareTo(other._nanos);

    public bool Equals(Quantity other) => _nanos == other._nanos;

    public override bool Equals(object? obj) => obj is Quantity other && Equals(other);

    public override int GetHashCode() => _nanos.GetHashCode();

    /// <summary>
    /// The canonical form: no fraction, the largest suffix that keeps it exact. A binary quantity that is not whole, or less
    /// than 1024, is written as a decimal one.
    /// </summary>
    public override string ToString()
    {
        if (IsZero)
        {
            return "0";
        }

        var whole = BigInteger.DivRem(_nanos, Nano, out BigInteger rest);
        bool isBinary = Format == QuantityFormat.BinarySI && rest.IsZero && BigInteger.Abs(whole) >= 1024;
        return isBinary ? BinaryText(whole) : DecimalText();
    }

    private static bool TrySplit(string text, out Parts parts)
    {
        int at = text[0] is '+' or '-' ? 1 : 0;
        int numberStart = at;
        at = SkipDigits(text, at);
        int point = at;
        int digits = at - numberStart;
        if (at < text.Length && text[at] == '.')
        {
            int fraction = at + 1;
            at = SkipDigits(text, fraction);
            digits += at - fraction;
        }

        parts = new Parts(numberStart, point, at);
        while (at < text.Length && "eEinumkKMGTP".Contains(text[at], StringComparison.Ordinal))
        {
            at++;
        }

        if (at < text.Length && text[at] is '+' or '-')
        {
            at++;
        }

        return digits > 0 && SkipDigits(text, at) == text.Length;
    }

    private static int SkipDigits(string text, int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
        {
            at++;
        }

        return at;
    }

    private static Quantity FromParts(string text, Parts parts, QuantitySuffix suffix)
    {
        ReadOnlySpan<char> fraction = parts.Point < parts.SuffixStart ? text.AsSpan(parts.Point + 1, parts.SuffixStart - parts.Point - 1) : [];
        string digits = string.Concat(text.AsSpan(parts.NumberStart, parts.Point - parts.NumberStart), fraction);
        var unscaled = BigInteger.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        int scale = 9 - fraction.Length + (suffix.Base == 10 ? suffix.Exponent : 0);
        BigInteger nanos = scale >= 0
            ? unscaled * BigInteger.Pow(10, scale)
            : RoundUp(unscaled, BigInteger.Pow(10, -scale)) / BigInteger.Pow(10, -scale);
        QuantityFormat format = suffix.Format;
        if (format == QuantityFormat.BinarySI)
        {
            // The fraction is exact in nanos only if it is scaled first.
            nanos = BinaryNanos(unscaled, fraction.Length, suffix.Exponent);
            nanos = nanos > LargestBinary ? LargestBinary : nanos;
            format = nanos < Nano && !nanos.IsZero ? QuantityFormat.DecimalSI : format;
        }

        return new Quantity(text[0] == '-' ? -nanos : nanos, format);
    }

    private static BigInteger BinaryNanos(BigInteger unscaled, int fractionDigits, int exponent)
    {
        BigInteger scaled = unscaled * BigInteger.Pow(2, exponent) * Nano;
        var divisor = BigInteger.Pow(10, fractionDigits);
        return RoundUp(scaled, divisor) / divisor;
    }

    // Away from zero to a multiple of the unit: who asks for a little shall get some.
    private static BigInteger RoundUp(BigInteger number, BigInteger unit)
    {
        var rest = BigInteger.Remainder(number, unit);
        return rest.IsZero ? number : number - rest + (number.Sign * unit);
    }

    private static long Clamp(BigInteger number) =>
        number > long.MaxValue ? long.MaxValue : number < long.MinValue ? long.MinValue : (long)number;

    private static string BinaryText(BigInteger whole)
    {
        int power = 0;
        while (power < QuantitySuffix.Largest1024 && (whole % 1024).IsZero)
        {
            whole /= 1024;
            power++;
        }

        return whole.ToString(CultureInfo.InvariantCulture) + QuantitySuffix.For1024(power);
    }

    private string DecimalText()
    {
        QuantityFormat format = Format == QuantityFormat.BinarySI ? QuantityFormat.DecimalSI : Format;
        BigInteger number = _nanos;
        int power = -3;
        while (power < QuantitySuffix.LargestThousands(format) && (number % 1000).IsZero)
        {
            number /= 1000;
            power++;
        }

        return number.ToString(CultureInfo.InvariantCulture) + QuantitySuffix.ForThousands(power, format);
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Parts(int NumberStart, int Point, int SuffixStart);

    private sealed record Known(string Text, Quantity Quantity);
}
