using System.Text.Json.Nodes;
using MiniPlane.Cel;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Admission.Policies;

/// <summary>One validation of a policy.</summary>
internal sealed record PolicyValidation(PolicyExpression Expression, string Message, PolicyExpression? MessageExpression, string Reason)
{
    public static PolicyValidation Read(JsonObject json, CelEnvironment environment) => new(
        PolicyExpression.Compile(environment, json.TextOrEmpty("expression")),
        json.TextOrEmpty("message"),
        json.Text("messageExpression") is { Length: > 0 } text ? PolicyExpression.Compile(environment, text) : null,
        json.Text("reason") is { Length: > 0 } reason ? reason : "Invalid");

    /// <summary>What is told when the expression is false.</summary>
    public string TextOf(IReadOnlyDictionary<string, object?> variables, CelBudget budget, CancellationToken cancellationToken)
    {
        try
        {
            if (MessageExpression?.Evaluate(variables, budget, cancellationToken) is string text && text.Trim() is { Length: > 0 } told && !told.Contains('\n', StringComparison.Ordinal))
            {
                return told;
            }
        }
        catch (CelException)
        {
            // The plain message stands in for one that cannot be made.
        }

        return Message.Trim() is { Length: > 0 } message ? message : $"failed expression: {Expression.Text.Trim()}";
    }
}
