using System.Runtime.CompilerServices;

namespace MiniPlane.Cel.Expressions;

/// <summary>The variables and the budget of one evaluation; local variables of macros hide outer ones.</summary>
internal sealed class Frame
{
    private readonly IReadOnlyDictionary<string, object?> _globals;
    private readonly Frame? _outer;
    private readonly string _name = "";
    private readonly object? _value;

    public Frame(IReadOnlyDictionary<string, object?> globals, CelBudget budget, CancellationToken cancelled)
    {
        _globals = globals;
        Budget = budget;
        Cancelled = cancelled;
    }

    private Frame(Frame outer, string name, object? value)
    {
        _globals = outer._globals;
        Budget = outer.Budget;
        Cancelled = outer.Cancelled;
        _outer = outer;
        _name = name;
        _value = value;
    }

    public CelBudget Budget { get; }

    public CancellationToken Cancelled { get; }

    public Frame With(string name, object? value) => new(this, name, value);

    public bool TryGet(string name, out object? value)
    {
        for (Frame? frame = this; frame?._outer is not null; frame = frame._outer)
        {
            if (frame._name == name)
            {
                value = frame._value;
                return true;
            }
        }

        return _globals.TryGetValue(name, out value);
    }

    /// <summary>Every step costs one unit.</summary>
    public void Step()
    {
        Budget.Charge(1);
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new CelException("expression recursion limit exceeded");
        }

        Cancelled.ThrowIfCancellationRequested();
    }
}
