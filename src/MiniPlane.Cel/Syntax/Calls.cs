using MiniPlane.Cel.Expressions;
using MiniPlane.Cel.Functions;

namespace MiniPlane.Cel.Syntax;

/// <summary>Calls as they are parsed: macros, functions in a namespace, and all others.</summary>
internal static class Calls
{
    public static Expression Global(Token name, List<Expression> arguments)
    {
        if (name.Text == "has" && arguments.Count == 1)
        {
            return arguments[0] is SelectExpression select
                ? new SelectExpression { Position = name.Position, Operand = select.Operand, Field = select.Field, IsTest = true }
                : throw new SyntaxException(name.Position, "invalid argument to has() macro");
        }

        return new CallExpression { Position = name.Position, Function = name.Text, IsMember = false, Arguments = arguments };
    }

    public static Expression Member(Expression operand, Token name, int position, List<Expression> arguments)
    {
        if (operand is NameExpression space)
        {
            string qualified = $"{space.Name}.{name.Text}";
            if (qualified == "cel.bind" && arguments.Count == 3)
            {
                return new BindExpression { Position = position, Name = Variable(arguments[0]), Value = arguments[1], Body = arguments[2] };
            }

            if (FunctionTable.IsKnown(qualified))
            {
                return new CallExpression { Position = position, Function = qualified, IsMember = false, Arguments = arguments };
            }
        }

        return Macro(operand, name.Text, position, arguments)
            ?? new CallExpression { Position = position, Function = name.Text, IsMember = true, Arguments = [operand, .. arguments] };
    }

    private static Expression? Macro(Expression range, string name, int position, List<Expression> arguments)
    {
        switch (name, arguments.Count)
        {
            case ("all", 2): return One(MacroKind.All);
            case ("all", 3): return Two(MacroKind.All);
            case ("exists", 2): return One(MacroKind.Exists);
            case ("exists", 3): return Two(MacroKind.Exists);
            case ("exists_one" or "existsOne", 2): return One(MacroKind.ExistsOne);
            case ("exists_one" or "existsOne", 3): return Two(MacroKind.ExistsOne);
            case ("filter", 2): return One(MacroKind.Filter);
            case ("map", 2): return One(MacroKind.Map);
            case ("map", 3): return One(MacroKind.Map, arguments[1]);
            case ("sortBy", 2): return One(MacroKind.SortBy);
            case ("transformList", 3): return Two(MacroKind.Map);
            case ("transformList", 4): return Two(MacroKind.Map, arguments[2]);
            case ("transformMap", 3): return Two(MacroKind.TransformMap);
            case ("transformMap", 4): return Two(MacroKind.TransformMap, arguments[2]);
            case ("transformMapEntry", 3): return Two(MacroKind.TransformMapEntry);
            case ("transformMapEntry", 4): return Two(MacroKind.TransformMapEntry, arguments[2]);
            case ("optMap" or "optFlatMap", 2):
                return new OptionalMapExpression { Position = position, Operand = range, Name = Variable(arguments[0]), Body = arguments[1], IsFlat = name == "optFlatMap" };
            default: return null;
        }

        MacroExpression One(MacroKind kind, Expression? condition = null) => new()
        {
            Position = position,
            Kind = kind,
            Range = range,
            First = Variable(arguments[0]),
            Condition = condition,
            Body = arguments[^1],
        };

        MacroExpression Two(MacroKind kind, Expression? condition = null) => new()
        {
            Position = position,
            Kind = kind,
            Range = range,
            First = Variable(arguments[0]),
            Second = Variable(arguments[1]),
            Condition = condition,
            Body = arguments[^1],
        };
    }

    private static string Variable(Expression expression) => expression is NameExpression name
        ? name.Name
        : throw new SyntaxException(expression.Position, "argument must be a simple name");
}
