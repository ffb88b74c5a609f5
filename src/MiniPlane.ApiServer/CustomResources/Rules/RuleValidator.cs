using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.CustomResources.Schemas;
using MiniPlane.Cel;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.CustomResources.Rules;

/// <summary>
/// Runs a schema's rules over one object (apiextensions-apiserver/pkg/apiserver/schema/cel). Rules that look at <c>oldSelf</c> run only where
/// there is an old value; where nothing changed, rules that once failed may go on failing.
/// </summary>
internal sealed class RuleValidator(FieldErrors errors)
{
    // Upstream's limits: for all rules of an object, and for one run of one rule.
    private const long ObjectBudget = 10_000_000;
    private const long CallBudget = 1_000_000;

    private long _left = ObjectBudget;
    private bool _isStopped;

    public void Validate(RuleNode root, JsonObject obj, JsonObject? old) => Walk(root, obj, old, old is not null, false, "");

    // An item of an atomic list has no old value of its own: it is unchanged when the list is.
    private void Walk(RuleNode node, JsonNode? value, JsonNode? old, bool hasOld, bool isOfUnchanged, string path)
    {
        if (_isStopped || value is null)
        {
            return;
        }

        bool isUnchanged = hasOld ? value.SameAs(old) : isOfUnchanged;
        foreach (CompiledRule rule in node.Rules)
        {
            bool isRun = rule.IsTransition ? hasOld || rule.Source.HasOptionalOldSelf : !isUnchanged;
            if (isRun && rule.Program is not null && !_isStopped)
            {
                Run(rule, node, value, old, hasOld, path);
            }
        }

        switch (value)
        {
            case JsonObject map:
                foreach ((string name, JsonNode? below) in map)
                {
                    if ((node.Properties.GetValueOrDefault(name) ?? node.Values) is { } next)
                    {
                        JsonNode? before = null;
                        bool had = hasOld && node.Schema.MapType != "atomic" && old is JsonObject olds && olds.TryGetPropertyValue(name, out before);
                        Walk(next, below, before, had, isUnchanged, node.Properties.ContainsKey(name) ? SchemaWords.Join(path, name) : $"{path}[{name}]");
                    }
                }

                break;
            case JsonArray list when node.Items is { } items:
                for (int at = 0; at < list.Count; at++)
                {
                    JsonNode? before = hasOld ? SchemaWords.SameItem(old, node.Schema, list[at]) : null;
                    Walk(items, list[at], before, before is not null, isUnchanged, string.Create(CultureInfo.InvariantCulture, $"{path}[{at}]"));
                }

                break;
            default:
                break;
        }
    }

    private void Run(CompiledRule rule, RuleNode node, JsonNode value, JsonNode? old, bool hasOld, string path)
    {
        var budget = new CelBudget(Math.Min(CallBudget, _left));
        Dictionary<string, object?> variables = Variables(rule, node, value, old, hasOld);
        string field = path.Length == 0 ? "<nil>" : path;
        try
        {
            if (rule.Program?.Evaluate(variables, budget, CancellationToken.None) is not true)
            {
                Refuse(rule, node, variables, budget, path);
            }
        }
        catch (CelCostException)
        {
            bool isOfCall = budget.Used < _left;
            _isStopped = true;
            errors.Invalid(field, TypeText(node), isOfCall
                ? $"'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule: {Named(rule)}"
                : "validation failed due to running out of cost budget, no further validation rules will be run");
        }
        catch (CelException error)
        {
            errors.Invalid(field, TypeText(node), error.Message == "no such overload"
                ? $"'{error.Message}': call arguments did not match a supported operator, function or macro signature for rule: {Named(rule)}"
                : $"{error.Message} evaluating rule: {Named(rule)}");
        }

        _left -= budget.Used;
    }

    private static string Named(CompiledRule rule) => (rule.Source.Message.Length > 0 ? rule.Source.Message : rule.Source.Rule).Trim();

    private static Dictionary<string, object?> Variables(CompiledRule rule, RuleNode node, JsonNode value, JsonNode? old, bool hasOld)
    {
        var variables = new Dictionary<string, object?>(StringComparer.Ordinal) { ["self"] = CelValue.FromJson(value, node.Type) };
        if (rule.Source.HasOptionalOldSelf)
        {
            variables["oldSelf"] = hasOld ? CelValue.Some(CelValue.FromJson(old, node.Type)) : CelValue.Nothing;
        }
        else if (hasOld)
        {
            variables["oldSelf"] = CelValue.FromJson(old, node.Type);
        }

        return variables;
    }

    private void Refuse(CompiledRule rule, RuleNode node, Dictionary<string, object?> variables, CelBudget budget, string path)
    {
        string message = Message(rule, variables, budget);
        string field = path + FieldPath(rule.Source.FieldPath, path.Length == 0);
        field = field.Length == 0 ? "<nil>" : field;
        switch (rule.Source.Reason)
        {
            case "FieldValueForbidden":
                errors.Forbidden(field, message);
                break;
            case "FieldValueRequired":
                errors.Required(field, message);
                break;
            case "FieldValueDuplicate":
                errors.Duplicate(field, TypeText(node));
                break;
            default:
                errors.Invalid(field, TypeText(node), message);
                break;
        }
    }

    // A message expression that fails, or gives nothing fit to print, gives way to the plain message.
    private static string Message(CompiledRule rule, Dictionary<string, object?> variables, CelBudget budget)
    {
        if (rule.MessageProgram is null)
        {
            return rule.Message;
        }

        try
        {
            return rule.MessageProgram.Evaluate(variables, budget, CancellationToken.None) is string text && text.Trim().Length > 0 && !text.Contains('\n', StringComparison.Ordinal)
                ? text.Trim()
                : rule.Message;
        }
        catch (CelException)
        {
            return rule.Message;
        }
    }

    private static string FieldPath(string path, bool isRoot)
    {
        string text = path.Replace("['", "[", StringComparison.Ordinal).Replace("']", "]", StringComparison.Ordinal);
        return isRoot ? text.TrimStart('.') : text;
    }

    private static string TypeText(RuleNode node) => node.Schema.Type;
}
