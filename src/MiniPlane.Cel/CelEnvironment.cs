using MiniPlane.Cel.Expressions;
using MiniPlane.Cel.Syntax;

namespace MiniPlane.Cel;

/// <summary>The variables that expressions may use, with their types. Immutable; compile with it as often as you like.</summary>
public sealed class CelEnvironment(IReadOnlyDictionary<string, CelType> variables)
{
    /// <summary>Parses and checks an expression.</summary>
    /// <exception cref="CelCompileException">It is malformed, names what is not there, or applies a function to what it does not take.</exception>
    public CelProgram Compile(string expression)
    {
        try
        {
            Expression parsed = Parser.Parse(expression);
            var scope = new CheckScope(variables);
            CelType type = parsed.Check(scope);
            return scope.Errors.Count == 0
                ? new CelProgram(expression, parsed, type)
                : throw new CelCompileException(CompileMessages.Show(expression, scope.Errors));
        }
        catch (SyntaxException error)
        {
            throw new CelCompileException(CompileMessages.Show(expression, [(error.Position, error.Message)]), error);
        }
    }
}
