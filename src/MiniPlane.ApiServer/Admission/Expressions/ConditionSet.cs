using System.Text.Json.Nodes;
using MiniPlane.Cel;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.Expressions;

/// <summary>
/// Compiled match conditions (k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions): one that is false decides; only without one does an
/// error count.
/// </summary>
internal sealed class ConditionSet
{
    private readonly (string Name, CelProgram? Program, string Problem)[] _conditions;

    private ConditionSet((string Name, CelProgram? Program, string Problem)[] conditions)
    {
        _conditions = conditions;
    }

    public bool IsEmpty => _conditions.Length == 0;

    /// <summary>Compiles conditions; one that does not compile fails when it is evaluated.</summary>
    public static ConditionSet Compile(CelEnvironment environment, IEnumerable<(string Name, string Expression)> conditions) =>
        new([.. conditions.Select(condition => Compile(environment, condition.Name, condition.Expression))]);

    public static IEnumerable<(string Name, string Expression)> Read(JsonObject holder) =>
        holder.Objects("matchConditions").Select(condition => (condition.TextOrEmpty("name"), condition.TextOrEmpty("expression")));

    /// <summary>Whether all hold; <paramref name="problem"/> says what could not be evaluated, else it is null.</summary>
    public bool Holds(IReadOnlyDictionary<string, object?> variables, CelBudget budget, CancellationToken cancellationToken, out string? problem)
    {
        List<string> problems = [];
        foreach ((string name, CelProgram? program, string wrong) in _conditions)
        {
            try
            {
                if (program is null)
                {
                    problems.Add($"expression '{name}' resulted in error: {wrong}");
                }
                else if (!program.EvaluateBool(variables, budget, cancellationToken))
                {
                    problem = null;
                    return false;
                }
            }
            catch (Exception error) when (error is CelException or CelCostException)
            {
                problems.Add($"expression '{program?.Text}' resulted in error: {error.Message}");
            }
        }

        problem = problems.Count == 0 ? null : problems.Count == 1 ? problems[0] : $"[{string.Join(", ", problems)}]";
        return problem is null;
    }

    private static (string Name, CelProgram? Program, string Problem) Compile(CelEnvironment environment, string name, string expression)
    {
        try
        {
            return (name, environment.Compile(expression), "");
        }
        catch (CelCompileException error)
        {
            return (name, null, $"compilation error: {error.Message}");
        }
    }
}
