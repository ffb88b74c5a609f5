using MiniPlane.Cel;

namespace MiniPlane.ApiServer.Admission.Expressions;

/// <summary>A policy's <c>variables</c>: each is computed when it is first read, and once.</summary>
internal sealed class LazyVariables(
    IReadOnlyDictionary<string, CelProgram> programs,
    IReadOnlyDictionary<string, object?> outer,
    CelBudget budget,
    CancellationToken cancellationToken) : CelMap
{
    private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

    public override int Count => programs.Count;

    public override IEnumerable<object?> Keys => programs.Keys;

    public override bool TryGet(object? key, out object? value)
    {
        value = null;
        if (key is not string name || !programs.TryGetValue(name, out CelProgram? program))
        {
            return false;
        }

        if (!_values.TryGetValue(name, out value))
        {
            value = program.Evaluate(outer, budget, cancellationToken);
            _values[name] = value;
        }

        return true;
    }
}
