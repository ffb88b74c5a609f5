using System.Text.Json.Nodes;
using MiniPlane.Cel.Expressions;
using MiniPlane.Cel.Values;

namespace MiniPlane.Cel;

/// <summary>A compiled expression. Safe for any number of threads.</summary>
public sealed class CelProgram
{
    private readonly Expression _root;

    internal CelProgram(string text, Expression root, CelType type)
    {
        Text = text;
        _root = root;
        ResultType = type;
    }

    /// <summary>The expression as it was written.</summary>
    public string Text { get; }

    /// <summary>Dyn when only the values can tell.</summary>
    public CelType ResultType { get; }

    /// <summary>Whether the expression names a variable.</summary>
    public bool Uses(string variable) => Uses(_root, variable);

    /// <summary>What a run may cost at most, by the sizes that the variables' types allow.</summary>
    public double EstimateCost() => CostEstimate.Of(_root);

    /// <summary>The most items or entries that a value of a type can have.</summary>
    public static double LargestSize(CelType type) => CostEstimate.SizeOf(type);

    /// <summary>Runs the expression. Values are what <see cref="CelValue"/> makes and takes.</summary>
    /// <exception cref="CelException">The expression failed.</exception>
    /// <exception cref="CelCostException">The budget is spent.</exception>
    public object? Evaluate(IReadOnlyDictionary<string, object?> variables, CelBudget budget, CancellationToken cancellationToken) =>
        _root.Evaluate(new Frame(variables, budget, cancellationToken));

    /// <summary>Runs an expression that answers yes or no.</summary>
    public bool EvaluateBool(IReadOnlyDictionary<string, object?> variables, CelBudget budget, CancellationToken cancellationToken) =>
        Evaluate(variables, budget, cancellationToken) as bool? ?? throw new CelException("cel expression returned something else than bool");

    /// <summary>Runs an expression and gives its result as JSON.</summary>
    public JsonNode? EvaluateJson(IReadOnlyDictionary<string, object?> variables, CelBudget budget, CancellationToken cancellationToken) =>
        JsonValues.ToJson(Evaluate(variables, budget, cancellationToken));

    private static bool Uses(Expression expression, string variable) =>
        expression is NameExpression name ? name.Name == variable : expression.Parts.Any(part => Uses(part, variable));
}
