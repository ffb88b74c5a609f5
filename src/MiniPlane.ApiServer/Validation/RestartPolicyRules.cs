using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>A container's own restart policy and its rules (validateContainerRestartPolicy, KEP 5307 and KEP 5532).</summary>
internal static class RestartPolicyRules
{
    private const int MostRules = 20;
    private const int MostExitCodes = 255;

    private static readonly string[] Policies = ["Always", "Never", "OnFailure"];
    private static readonly string[] Actions = ["Restart", "RestartAllContainers"];
    private static readonly string[] Operators = ["In", "NotIn"];

    public static void Validate(JsonObject container, FieldPath path, FieldErrors errors)
    {
        int count = container.Array("restartPolicyRules")?.Count ?? 0;
        if (count > 0 && container["restartPolicy"] is null)
        {
            errors.Required($"{path}.restartPolicy", "must specify restartPolicy when restart rules are used");
        }

        if (container["restartPolicy"] is not null)
        {
            Word(container, "restartPolicy", path, Policies, errors);
        }

        if (count > MostRules)
        {
            errors.TooMany($"{path}.restartPolicyRules", count, MostRules);
        }

        foreach ((JsonObject rule, FieldPath field) in Checks.Items(container, "restartPolicyRules", path))
        {
            Word(rule, "action", field, Actions, errors);
            if (rule.Object("exitCodes") is not { } codes)
            {
                errors.Required($"{field}.exitCodes", "must be specified");
                continue;
            }

            FieldPath exitCodes = $"{field}.exitCodes";
            Word(codes, "operator", exitCodes, Operators, errors);
            if (codes.Array("values") is { Count: > MostExitCodes } values)
            {
                errors.TooMany($"{exitCodes}.values", values.Count, MostExitCodes);
            }
        }
    }

    // A missing word is told as one that is not supported, as the reference does here.
    private static void Word(JsonObject holder, string name, FieldPath path, string[] supported, FieldErrors errors)
    {
        string word = holder.TextOrEmpty(name);
        if (!supported.Contains(word, StringComparer.Ordinal))
        {
            errors.NotSupported($"{path}.{name}", word, supported);
        }
    }
}
