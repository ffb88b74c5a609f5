namespace MiniPlane.Cel.Values;

/// <summary>Equality and order of values (CEL language definition, "Equality", "Ordering"): numbers of all types are one line.</summary>
internal static class CelValues
{
    public static bool AreEqual(object? left, object? right)
    {
        switch (left, right)
        {
            case (null, null):
                return true;
            case (null, _) or (_, null):
                return false;
            case (long or ulong or double, long or ulong or double):
                return CompareNumbers(left, right) == 0;
            case (string first, string second):
                return string.Equals(first, second, StringComparison.Ordinal);
            case (byte[] first, byte[] second):
                return first.AsSpan().SequenceEqual(second);
            case (CelMap first, CelMap second):
                return AreEqual(first, second);
            case (IReadOnlyList<object?> first, IReadOnlyList<object?> second):
                return AreEqual(first, second);
            case (CelOptional first, CelOptional second):
                return first.HasValue == second.HasValue && (!first.HasValue || AreEqual(first.Value, second.Value));
            case (CelType first, CelType second):
                return first.Kind == second.Kind;
            default:
                return left.Equals(right);
        }
    }

    /// <summary>Below, at or above zero; null when the values have no order, as with NaN.</summary>
    public static int? Compare(object? left, object? right) => (left, right) switch
    {
        (long or ulong or double, long or ulong or double) => CompareNumbers(left, right),
        (string first, string second) => CompareTexts(first, second),
        (bool first, bool second) => first.CompareTo(second),
        (byte[] first, byte[] second) => first.AsSpan().SequenceCompareTo(second),
        (DateTimeOffset first, DateTimeOffset second) => first.CompareTo(second),
        (TimeSpan first, TimeSpan second) => first.CompareTo(second),
        _ => throw CelException.NoSuchOverload(),
    };

    private static bool AreEqual(CelMap left, CelMap right)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        foreach (object? key in left.Keys)
        {
            if (!left.TryGet(key, out object? first) || !right.TryGet(key, out object? second) || !AreEqual(first, second))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreEqual(IReadOnlyList<object?> left, IReadOnlyList<object?> right)
    {
        if (left.Count != right.Count)
        {
            return false;
        }

        if (left is JsonList { IsUnordered: true } || right is JsonList { IsUnordered: true })
        {
            return left.All(item => right.Any(other => AreEqual(item, other)));
        }

        for (int at = 0; at < left.Count; at++)
        {
            if (!AreEqual(left[at], right[at]))
            {
                return false;
            }
        }

        return true;
    }

    private static int? CompareNumbers(object? left, object? right)
    {
        switch (left, right)
        {
            case (long first, long second):
                return first.CompareTo(second);
            case (ulong first, ulong second):
                return first.CompareTo(second);
            case (long first, ulong second):
                return first < 0 ? -1 : ((ulong)first).CompareTo(second);
            case (ulong first, long second):
                return second < 0 ? 1 : first.CompareTo((ulong)second);
            default:
                double one = Convert.ToDouble(left, System.Globalization.CultureInfo.InvariantCulture);
                double other = Convert.ToDouble(right, System.Globalization.CultureInfo.InvariantCulture);
                return double.IsNaN(one) || double.IsNaN(other) ? null : one.CompareTo(other);
        }
    }

    // Texts are ordered by code points, which UTF-16 does not keep above the basic plane.
    private static int CompareTexts(string left, string right)
    {
        int at = 0;
        while (at < left.Length && at < right.Length && left[at] == right[at])
        {
            at++;
        }

        if (at == left.Length || at == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        bool isHigh = char.IsSurrogate(left[at]) != char.IsSurrogate(right[at]);
        return isHigh ? (char.IsSurrogate(left[at]) ? 1 : -1) : left[at].CompareTo(right[at]);
    }
}
