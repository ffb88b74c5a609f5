using MiniPlane.Cel.Values;

namespace MiniPlane.Cel.Expressions;

/// <summary>
/// A macro over a list's items or a map's keys: <c>all</c>, <c>exists</c>, <c>exists_one</c>, <c>filter</c>, <c>map</c>, the forms with two
/// variables (index or key, and value), <c>transformList</c>, <c>transformMap</c> and <c>sortBy</c>.
/// </summary>
internal sealed class MacroExpression : Expression
{
    public required MacroKind Kind { get; init; }

    public required Expression Range { get; init; }

    public required string First { get; init; }

    /// <summary>The second variable; null in the forms with one.</summary>
    public string? Second { get; init; }

    /// <summary>What an item must satisfy to be looked at by <see cref="Body"/>; null when all are.</summary>
    public Expression? Condition { get; init; }

    public required Expression Body { get; init; }

    public override IEnumerable<Expression> Parts => Condition is null ? [Range, Body] : [Range, Condition, Body];

    public override object? Evaluate(Frame frame)
    {
        frame.Step();
        object? range = Range.Evaluate(frame);
        return Kind switch
        {
            MacroKind.All => Quantified(range, frame, isAll: true),
            MacroKind.Exists => Quantified(range, frame, isAll: false),
            MacroKind.ExistsOne => Steps(range, frame).Count(step => IsTrue(Body, step.Frame)) == 1,
            MacroKind.Filter => Steps(range, frame).Where(step => IsTrue(Body, step.Frame)).Select(step => step.Item).ToList(),
            MacroKind.Map => Chosen(range, frame).Select(step => Body.Evaluate(step.Frame)).ToList(),
            MacroKind.SortBy => Sorted(range, frame),
            _ => Mapped(range, frame),
        };
    }

    protected override CelType FindType(CheckScope scope)
    {
        CelType range = Range.Check(scope);
        if (range.Kind is not (CelKind.Dyn or CelKind.List or CelKind.Map))
        {
            return scope.Wrong(Range.Position, $"expression of type '{range}' cannot be range of a comprehension (must be list, map, or dynamic)");
        }

        CelType item = range.Kind == CelKind.Map ? range.Key : range.Element;
        CheckScope inner = Second is null
            ? scope.With(First, item)
            : scope.With(First, range.Kind == CelKind.Map ? range.Key : range.Kind == CelKind.List ? CelType.Int : CelType.Dyn).With(Second, range.Element);
        if (Condition?.Check(inner) is { } condition && !CelType.Bool.Accepts(condition))
        {
            return scope.Wrong(Condition.Position, $"expected type 'bool' but found '{condition}'");
        }

        CelType body = Body.Check(inner);
        bool isTest = Kind is MacroKind.All or MacroKind.Exists or MacroKind.ExistsOne or MacroKind.Filter;
        if (isTest && !CelType.Bool.Accepts(body))
        {
            return scope.Wrong(Body.Position, $"expected type 'bool' but found '{body}'");
        }

        return Kind switch
        {
            MacroKind.Filter => CelType.List(item, range.Largest),
            MacroKind.Map => CelType.List(body, range.Largest),
            MacroKind.SortBy => range,
            MacroKind.TransformMap => CelType.Map(range.Kind == CelKind.Map ? range.Key : CelType.Dyn, body, range.Largest),
            MacroKind.TransformMapEntry => CelType.Map(CelType.Dyn, CelType.Dyn),
            _ => CelType.Bool,
        };
    }

    private IEnumerable<(Frame Frame, object? Item, object? Key)> Steps(object? range, Frame frame)
    {
        switch (range)
        {
            case CelMap map:
                foreach (object? key in map.Keys)
                {
                    frame.Step();
                    Frame inner = frame.With(First, key);
                    map.TryGet(key, out object? value);
                    yield return (Second is null ? inner : inner.With(Second, value), key, key);
                }

                break;
            case IReadOnlyList<object?> list:
                for (int at = 0; at < list.Count; at++)
                {
                    frame.Step();
                    object? item = list[at];
                    Frame inner = Second is null ? frame.With(First, item) : frame.With(First, (long)at).With(Second, item);
                    yield return (inner, item, (long)at);
                }

                break;
            default:
                throw CelException.NoSuchOverload();
        }
    }

    private IEnumerable<(Frame Frame, object? Item, object? Key)> Chosen(object? range, Frame frame) =>
        Condition is null ? Steps(range, frame) : Steps(range, frame).Where(step => IsTrue(Condition, step.Frame));

    // An error on one item does not matter when another decides.
    private bool Quantified(object? range, Frame frame, bool isAll)
    {
        CelException? problem = null;
        foreach ((Frame inner, _, _) in Steps(range, frame))
        {
            try
            {
                if (IsTrue(Body, inner) != isAll)
                {
                    return !isAll;
                }
            }
            catch (CelException error)
            {
                problem ??= error;
            }
        }

        return problem is null ? isAll : throw problem;
    }

    private List<object?> Sorted(object? range, Frame frame)
    {
        List<(object? Key, object? Item)> keyed = [.. Steps(range, frame).Select(step => (Body.Evaluate(step.Frame), step.Item))];
        frame.Budget.Charge(keyed.Count);
        return [.. keyed.OrderBy(pair => pair.Key, Comparer<object?>.Create((left, right) => CelValues.Compare(left, right) ?? 0)).Select(pair => pair.Item)];
    }

    private DictionaryMap Mapped(object? range, Frame frame)
    {
        var map = new DictionaryMap();
        foreach ((Frame inner, _, object? key) in Chosen(range, frame))
        {
            object? value = Body.Evaluate(inner);
            if (Kind == MacroKind.TransformMap)
            {
                map.Set(key, value);
            }
            else if (value is CelMap entries)
            {
                foreach (object? name in entries.Keys)
                {
                    entries.TryGet(name, out object? entry);
                    map.Add(name, entry);
                }
            }
        }

        return map;
    }

    private static bool IsTrue(Expression expression, Frame frame) =>
        expression.Evaluate(frame) is bool flag ? flag : throw CelException.NoSuchOverload();
}
