using MiniPlane.Cel;

namespace MiniPlane.ApiServer.Admission.Policies;

/// <summary>An expression of a policy; <see cref="Program"/> is null when it does not compile, and <see cref="Problem"/> says why.</summary>
internal sealed record PolicyExpression(string Text, CelProgram? Program, string Problem)
{
    public static PolicyExpression Compile(CelEnvironment environment, string text)
    {
        try
        {
            return new PolicyExpression(text, environment.Compile(text), "");
        }
        catch (CelCompileException error)
        {
            return new PolicyExpression(text, null, $"compilation failed: {error.Message}");
        }
    }

    /// <exception cref="CelException">The expression failed, or does not compile.</exception>
    public object? Evaluate(IReadOnlyDictionary<string, object?> variables, CelBudget budget, CancellationToken cancellationToken) =>
        Program is null ? throw new CelException(Problem) : Program.Evaluate(variables, budget, cancellationToken);
}
