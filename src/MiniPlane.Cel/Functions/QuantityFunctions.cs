using System.Globalization;
using MiniPlane.Cel.Values;
using MiniPlane.Objects.Quantities;

namespace MiniPlane.Cel.Functions;

/// <summary>Kubernetes' quantity library.</summary>
internal static class QuantityFunctions
{
    public static void Add(FunctionList list) => list
        .Add("quantity(string) Quantity", values => Parse((string)values[0]!))
        .Add("isQuantity(string) bool", values => Quantity.TryParse((string)values[0]!, out _))
        .Add("Quantity.sign() int", values => (long)Of(values[0]).Sign)
        .Add("Quantity.isInteger() bool", values => IsInteger(Of(values[0])))
        .Add("Quantity.asInteger() int", values => IsInteger(Of(values[0])) ? Of(values[0]).Value : throw new CelException("cannot convert value to integer"))
        .Add("Quantity.asApproximateFloat() double", values => ToDouble(Of(values[0])))
        .Add("Quantity.add(Quantity) Quantity", values => new QuantityValue(Of(values[0]) + Of(values[1])))
        .Add("Quantity.add(int) Quantity", values => new QuantityValue(Of(values[0]) + Quantity.FromValue((long)values[1]!)))
        .Add("Quantity.sub(Quantity) Quantity", values => new QuantityValue(Of(values[0]) - Of(values[1])))
        .Add("Quantity.sub(int) Quantity", values => new QuantityValue(Of(values[0]) - Quantity.FromValue((long)values[1]!)))
        .Add("Quantity.isLessThan(Quantity) bool", values => Of(values[0]) < Of(values[1]))
        .Add("Quantity.isGreaterThan(Quantity) bool", values => Of(values[0]) > Of(values[1]))
        .Add("Quantity.compareTo(Quantity) int", values => (long)Of(values[0]).CompareTo(Of(values[1])));

    private static QuantityValue Parse(string text) => Quantity.TryParse(text, out Quantity quantity, out string? problem)
        ? new QuantityValue(quantity)
        : throw new CelException(problem);

    private static Quantity Of(object? value) => ((QuantityValue)value!).Quantity;

    // A quantity that rounds up to itself.
    private static bool IsInteger(Quantity quantity) => Math.Abs(quantity.Value) < long.MaxValue && Quantity.FromValue(quantity.Value) == quantity;

    private static double ToDouble(Quantity quantity) =>
        IsInteger(quantity) ? quantity.Value : quantity.MilliValue / 1000d is var number ? double.Parse(number.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture) : 0;
}
