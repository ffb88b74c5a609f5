using MiniPlane.Cel.Values;

namespace MiniPlane.Cel.Functions;

/// <summary>Lists (Kubernetes' list library, cel-go's lists extension) and sets.</summary>
internal static class ListFunctions
{
    public static void Add(FunctionList list)
    {
        list.Add("list.isSorted() bool", values => IsSorted(List(values, 0)))
            .Add("list.sum() dyn", (values, frame) => Sum(List(values, 0), frame.Budget))
            .Add("list.min() dyn", values => Extreme(List(values, 0), "min", -1))
            .Add("list.max() dyn", values => Extreme(List(values, 0), "max", 1))
            .Add("list.indexOf(dyn) int", values => IndexOf(List(values, 0), values[1]))
            .Add("list.lastIndexOf(dyn) int", values => LastIndexOf(List(values, 0), values[1]))
            .Add("list.distinct() list", (values, frame) => Distinct(List(values, 0), frame.Budget))
            .Add("list.sort() list", values => List(values, 0).Order(Comparer<object?>.Create((left, right) => CelValues.Compare(left, right) ?? 0)).ToList())
            .Add("list.reverse() list", values => List(values, 0).Reverse().ToList())
            .Add("list.slice(int, int) list", values => Slice(List(values, 0), (long)values[1]!, (long)values[2]!))
            .Add("list.flatten() list", values => Flatten(List(values, 0), 1))
            .Add("list.flatten(int) list", values => Flatten(List(values, 0), (long)values[1]!))
            .Add("list.first() optional", values => List(values, 0) is { Count: > 0 } some ? CelOptional.Of(some[0]) : CelOptional.None)
            .Add("list.last() optional", values => List(values, 0) is { Count: > 0 } some ? CelOptional.Of(some[^1]) : CelOptional.None)
            .Add("lists.range(int) list", (values, frame) => Range((long)values[0]!, frame.Budget))
            .Add("sets.contains(list, list) bool", (values, frame) => Within(List(values, 1), List(values, 0), frame.Budget))
            .Add("sets.equivalent(list, list) bool", (values, frame) => Within(List(values, 1), List(values, 0), frame.Budget) && Within(List(values, 0), List(values, 1), frame.Budget))
            .Add("sets.intersects(list, list) bool", (values, frame) => Intersect(List(values, 0), List(values, 1), frame.Budget));
    }

    private static IReadOnlyList<object?> List(object?[] values, int at) => (IReadOnlyList<object?>)values[at]!;

    private static bool IsSorted(IReadOnlyList<object?> list)
    {
        for (int at = 1; at < list.Count; at++)
        {
            if (CelValues.Compare(list[at - 1], list[at]) is > 0)
            {
                return false;
            }
        }

        return true;
    }

    private static object Sum(IReadOnlyList<object?> list, CelBudget budget) =>
        list.Count == 0 ? 0L : list.Skip(1).Aggregate(list[0] ?? throw CelException.NoSuchOverload(), (sum, item) => Arithmetic.Add(sum, item, budget));

    private static object? Extreme(IReadOnlyList<object?> list, string name, int sign)
    {
        if (list.Count == 0)
        {
            throw new CelException($"{name} called on empty list");
        }

        object? best = list[0];
        foreach (object? item in list)
        {
            best = (CelValues.Compare(item, best) ?? 0) * sign > 0 ? item : best;
        }

        return best;
    }

    private static object IndexOf(IReadOnlyList<object?> list, object? wanted)
    {
        for (int at = 0; at < list.Count; at++)
        {
            if (CelValues.AreEqual(list[at], wanted))
            {
                return (long)at;
            }
        }

        return -1L;
    }

    private static object LastIndexOf(IReadOnlyList<object?> list, object? wanted)
    {
        for (int at = list.Count - 1; at >= 0; at--)
        {
            if (CelValues.AreEqual(list[at], wanted))
            {
                return (long)at;
            }
        }

        return -1L;
    }

    private static List<object?> Distinct(IReadOnlyList<object?> list, CelBudget budget)
    {
        List<object?> kept = [];
        foreach (object? item in list)
        {
            budget.Charge(kept.Count);
            if (!kept.Exists(other => CelValues.AreEqual(other, item)))
            {
                kept.Add(item);
            }
        }

        return kept;
    }

    private static List<object?> Slice(IReadOnlyList<object?> list, long start, long end)
    {
        if (start < 0 || end < 0)
        {
            throw new CelException($"cannot slice({start}, {end}), negative indexes not supported");
        }

        if (start > end)
        {
            throw new CelException($"cannot slice({start}, {end}), start index must be less than or equal to end index");
        }

        return end > list.Count
            ? throw new CelException($"cannot slice({start}, {end}), list is length {list.Count}")
            : [.. list.Skip((int)start).Take((int)(end - start))];
    }

    private static List<object?> Flatten(IReadOnlyList<object?> list, long depth)
    {
        if (depth < 0)
        {
            throw new CelException("level must be non-negative");
        }

        List<object?> flat = [];
        foreach (object? item in list)
        {
            if (item is IReadOnlyList<object?> inner && depth > 0)
            {
                flat.AddRange(Flatten(inner, depth - 1));
            }
            else
            {
                flat.Add(item);
            }
        }

        return flat;
    }

    private static List<object?> Range(long count, CelBudget budget)
    {
        budget.Charge(Math.Max(count, 0));
        List<object?> range = [];
        for (long at = 0; at < count; at++)
        {
            range.Add(at);
        }

        return range;
    }

    private static bool Within(IReadOnlyList<object?> part, IReadOnlyList<object?> whole, CelBudget budget)
    {
        budget.Charge((long)part.Count * whole.Count);
        return part.All(item => whole.Any(other => CelValues.AreEqual(item, other)));
    }

    private static bool Intersect(IReadOnlyList<object?> left, IReadOnlyList<object?> right, CelBudget budget)
    {
        budget.Charge((long)left.Count * right.Count);
        return left.Any(item => right.Any(other => CelValues.AreEqual(item, other)));
    }
}
