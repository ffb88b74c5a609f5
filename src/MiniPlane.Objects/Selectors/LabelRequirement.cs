namespace MiniPlane.Objects.Selectors;

/// <summary>One condition on one label.</summary>
public sealed record LabelRequirement(string Key, SelectorOperator Operator, IReadOnlyList<string> Values)
{
    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        bool has = labels.TryGetValue(Key, out string? value);
        return Operator switch
        {
            SelectorOperator.In => has && Values.Contains(value, StringComparer.Ordinal),
            SelectorOperator.NotIn => !has || !Values.Contains(value, StringComparer.Ordinal),
            SelectorOperator.Exists => has,
            SelectorOperator.DoesNotExist => !has,
            SelectorOperator.GreaterThan => has && Compare(value) is > 0,
            SelectorOperator.LessThan => has && Compare(value) is < 0,
            _ => false,
        };
    }

    private int? Compare(string? value) =>
        long.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out long left)
        && long.TryParse(Values.Count > 0 ? Values[0] : null, System.Globalization.CultureInfo.InvariantCulture, out long right)
            ? left.CompareTo(right)
            : null;
}
