using System.Globalization;
using System.Runtime.InteropServices;

namespace MiniPlane.Objects.Quantities;

/// <summary>The suffixes of quantities: their base, exponent and format, both ways.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct QuantitySuffix(int Base, int Exponent, QuantityFormat Format)
{
    // Beyond this a power of ten says nothing of any resource, and only costs memory.
    private const int LargestExponent = 100;

    private static readonly string[] Decimal = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
    private static readonly string[] Binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

    public static QuantitySuffix? Parse(string text)
    {
        int at = Array.IndexOf(Decimal, text);
        if (at >= 0)
        {
            return new QuantitySuffix(10, (at - 3) * 3, QuantityFormat.DecimalSI);
        }

        at = Array.IndexOf(Binary, text);
        if (at >= 0)
        {
            return new QuantitySuffix(2, at * 10, QuantityFormat.BinarySI);
        }

        return text.Length > 1 && text[0] is 'e' or 'E'
            && int.TryParse(text.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int exponent)
            && Math.Abs(exponent) <= LargestExponent
            ? new QuantitySuffix(10, exponent, QuantityFormat.DecimalExponent)
            : null;
    }

    /// <summary>The suffix for a power of 1000.</summary>
    public static string ForThousands(int power, QuantityFormat format) => format == QuantityFormat.DecimalExponent
        ? power == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"e{power * 3}")
        : Decimal[power + 3];

    /// <summary>The suffix for a power of 1024.</summary>
    public static string For1024(int power) => Binary[power];

    public static int LargestThousands(QuantityFormat format) =>
        format == QuantityFormat.DecimalExponent ? int.MaxValue : Decimal.Length - 4;

    public static int Largest1024 => Binary.Length - 1;
}
