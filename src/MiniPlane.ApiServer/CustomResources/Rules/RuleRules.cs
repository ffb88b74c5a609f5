using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.CustomResources.Schemas;
using MiniPlane.Cel;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.CustomResources.Rules;

/// <summary>What the rules of a new schema must be: compile, give a boolean, look back only where values can be followed, and not cost too much.</summary>
internal sealed class RuleRules(FieldErrors errors)
{
    // Upstream's limits. Our estimate is rougher than its own, so only what is far beyond is refused.
    private const double RuleLimit = 10_000_000;
    private const double SchemaLimit = 100_000_000;
    private const double Tolerance = 100;

    private static readonly string[] Reasons = ["FieldValueDuplicate", "FieldValueForbidden", "FieldValueInvalid", "FieldValueRequired"];

    private double _total;

    public void Check(RuleNode root, string path)
    {
        Walk(root, path, 1, isCorrelatable: true);
        if (_total > SchemaLimit * Tolerance && errors.IsEmpty)
        {
            errors.Forbidden(
                path,
                $"x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema exceeds budget by factor of {Factor(_total / SchemaLimit)} (try simplifying the rule(s), or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)");
        }
    }

    private void Walk(RuleNode node, string path, double cardinality, bool isCorrelatable)
    {
        for (int at = 0; at < node.Rules.Count; at++)
        {
            CheckRule(node, node.Rules[at], string.Create(CultureInfo.InvariantCulture, $"{path}.x-kubernetes-validations[{at}]"), cardinality, isCorrelatable);
        }

        bool isKept = isCorrelatable && node.Schema.MapType != "atomic";
        foreach ((string name, RuleNode property) in node.Properties)
        {
            Walk(property, $"{path}.properties[{name}]", cardinality, isKept);
        }

        if (node.Values is { } values)
        {
            Walk(values, $"{path}.additionalProperties", cardinality * CelProgram.LargestSize(node.Type), isKept);
        }

        if (node.Items is { } items)
        {
            Walk(items, $"{path}.items", cardinality * CelProgram.LargestSize(node.Type), isCorrelatable && node.Schema.ListType == "map");
        }
    }

    private void CheckRule(RuleNode node, CompiledRule rule, string path, double cardinality, bool isCorrelatable)
    {
        ValidationRule source = rule.Source;
        CheckTexts(source, node, path);
        JsonObject shown = Shown(source);
        if (source.Rule.Trim().Length > 0 && rule.Problem.Length > 0)
        {
            errors.Invalid($"{path}.rule", shown, rule.Problem);
        }

        if (rule.MessageProblem.Length > 0)
        {
            errors.Invalid($"{path}.messageExpression", shown, rule.MessageProblem);
        }

        if (rule.IsTransition && !isCorrelatable)
        {
            errors.Invalid($"{path}.rule", source.Rule, "oldSelf cannot be used on the uncorrelatable portion of the schema");
        }

        if (rule.Program is null)
        {
            return;
        }

        double cost = cardinality * rule.Program.EstimateCost();
        _total += cost;
        if (cost > RuleLimit * Tolerance)
        {
            errors.Forbidden(
                $"{path}.rule",
                $"estimated rule cost exceeds budget by factor of {Factor(cost / RuleLimit)} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength where arrays, maps, and strings are declared)");
        }
    }

    private void CheckTexts(ValidationRule source, RuleNode node, string path)
    {
        if (source.Rule.Trim().Length == 0)
        {
            errors.Required($"{path}.rule", "rule is not specified");
        }

        if (source.Message.Length > 0 && source.Message.Trim().Length == 0)
        {
            errors.Invalid($"{path}.message", source.Message, "message must be non-empty if specified");
        }
        else if (source.Message.Trim().Contains('\n', StringComparison.Ordinal))
        {
            errors.Invalid($"{path}.message", source.Message, "message must not contain line breaks");
        }
        else if (source.Message.Length == 0 && source.MessageExpression.Length == 0 && source.Rule.Trim().Contains('\n', StringComparison.Ordinal))
        {
            errors.Required($"{path}.message", "message must be specified if rule contains line breaks");
        }

        if (!Reasons.Contains(source.Reason, StringComparer.Ordinal))
        {
            errors.NotSupported($"{path}.reason", source.Reason, Reasons);
        }

        if (source.FieldPath.Length > 0 && !Leads(node.Schema, source.FieldPath))
        {
            errors.Invalid($"{path}.fieldPath", source.FieldPath, "fieldPath must be a valid path: does not refer to a valid field");
        }
    }

    private static bool Leads(StructuralSchema schema, string path)
    {
        if (!path.StartsWith('.') && !path.StartsWith('['))
        {
            return false;
        }

        StructuralSchema? at = schema;
        foreach (string step in path.Replace("['", ".", StringComparison.Ordinal).Replace("']", "", StringComparison.Ordinal).TrimStart('.').Split('.'))
        {
            at = at?.Property(step);
        }

        return at is not null;
    }

    private static JsonObject Shown(ValidationRule rule)
    {
        var json = new JsonObject { ["rule"] = rule.Rule };
        foreach ((string name, string value) in (ReadOnlySpan<(string, string)>)[("message", rule.Message), ("messageExpression", rule.MessageExpression), ("fieldPath", rule.FieldPath)])
        {
            if (value.Length > 0)
            {
                json[name] = value;
            }
        }

        return json;
    }

    private static string Factor(double factor) =>
        factor > 100 ? "more than 100x" : factor.ToString("0.0", CultureInfo.InvariantCulture) + "x";
}
