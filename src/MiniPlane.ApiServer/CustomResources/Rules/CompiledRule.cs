using MiniPlane.Cel;

namespace MiniPlane.ApiServer.CustomResources.Rules;

/// <summary>A rule ready to run; <see cref="Program"/> is null when it does not compile, and <see cref="Problem"/> says why.</summary>
internal sealed record CompiledRule
{
    public required ValidationRule Source { get; init; }

    public CelProgram? Program { get; init; }

    public string Problem { get; init; } = "";

    /// <summary>Makes the message; null when there is no such expression.</summary>
    public CelProgram? MessageProgram { get; init; }

    public string MessageProblem { get; init; } = "";

    /// <summary>The rule looks at the value before the change.</summary>
    public bool IsTransition { get; init; }

    /// <summary>The message when no expression gives another.</summary>
    public string Message => Source.Message.Trim() is { Length: > 0 } message ? message : $"failed rule: {Source.Rule.Trim()}";

    public static CompiledRule Compile(ValidationRule source, CelType self)
    {
        var environment = new CelEnvironment(new Dictionary<string, CelType>(StringComparer.Ordinal)
        {
            ["self"] = self,
            ["oldSelf"] = source.HasOptionalOldSelf ? CelType.Optional(self) : self,
        });
        (CelProgram? program, string problem) = TryCompile(environment, source.Rule, CelKind.Bool, "cel expression must evaluate to a bool", "compilation failed: ");
        (CelProgram? message, string messageProblem) = source.MessageExpression.Length == 0
            ? (null, "")
            : TryCompile(environment, source.MessageExpression, CelKind.String, "must evaluate to a string", "messageExpression compilation failed: ");
        return new CompiledRule
        {
            Source = source,
            Program = program,
            Problem = problem,
            MessageProgram = message,
            MessageProblem = messageProblem,
            IsTransition = program?.Uses("oldSelf") == true,
        };
    }

    private static (CelProgram? Program, string Problem) TryCompile(
        CelEnvironment environment, string expression, CelKind wanted, string wrongType, string failed)
    {
        try
        {
            CelProgram program = environment.Compile(expression);
            return program.ResultType.Kind == wanted || program.ResultType.Kind == CelKind.Dyn ? (program, "") : (null, wrongType);
        }
        catch (CelCompileException error)
        {
            return (null, failed + error.Message);
        }
    }
}
