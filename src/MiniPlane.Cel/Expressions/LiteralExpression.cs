using MiniPlane.Cel.Values;

namespace MiniPlane.Cel.Expressions;

/// <summary>A value written out.</summary>
internal sealed class LiteralExpression : Expression
{
    public required object? Value { get; init; }

    public override IEnumerable<Expression> Parts => [];

    public override object? Evaluate(Frame frame) => Value;

    protected override CelType FindType(CheckScope scope) => Value is string text ? CelType.Text(text.Length) : CelText.TypeOf(Value);
}
