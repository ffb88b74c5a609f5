using System.Runtime.CompilerServices;
using MiniPlane.Cel.Syntax;

namespace MiniPlane.Cel.Expressions;

/// <summary>A part of a parsed expression. Checked once, evaluated often and from many threads; keeps nothing of an evaluation.</summary>
internal abstract class Expression
{
    /// <summary>Where it stands in the text.</summary>
    public required int Position { get; init; }

    /// <summary>The type it was found to have.</summary>
    public CelType Type { get; private set; } = CelType.Dyn;

    /// <summary>The parts below.</summary>
    public abstract IEnumerable<Expression> Parts { get; }

    /// <summary>Finds the type, telling the scope what is wrong.</summary>
    public CelType Check(CheckScope scope)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new SyntaxException(Position, "expression recursion limit exceeded");
        }

        Type = FindType(scope);
        return Type;
    }

    public abstract object? Evaluate(Frame frame);

    protected abstract CelType FindType(CheckScope scope);
}
