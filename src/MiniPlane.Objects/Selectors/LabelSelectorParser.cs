using System.Text.Json.Nodes;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Names;

namespace MiniPlane.Objects.Selectors;

/// <summary>
/// Reads label selectors: the string form of query parameters (<c>app=web,tier in (a,b),!old</c>) and the object form
/// meta.v1.LabelSelector. Grammar and wording are those of k8s.io/apimachinery/pkg/labels.
/// </summary>
public static class LabelSelectorParser
{
    private const string Operators = "in, notin, =, ==, !=, gt, lt";

    /// <summary>Parses the string form; an empty string selects everything.</summary>
    /// <exception cref="ApiException">BadRequest, when it is malformed.</exception>
    public static LabelSelector Parse(string text)
    {
        var lexer = new LabelSelectorLexer(text);
        var requirements = new List<LabelRequirement>();
        if (lexer.Peek().Length == 0)
        {
            return LabelSelector.Everything;
        }

        while (true)
        {
            requirements.Add(ParseRequirement(lexer));
            string next = lexer.Next();
            if (next.Length == 0)
            {
                return new LabelSelector([.. requirements.OrderBy(requirement => requirement.Key, StringComparer.Ordinal)]);
            }

            if (next != ",")
            {
                throw Problem($"found '{next}', expected: ',' or 'end of string'");
            }

            if (!IsIdentifier(lexer.Peek()) && lexer.Peek() != "!")
            {
                throw Problem($"found '{lexer.Peek()}', expected: identifier after ','");
            }
        }
    }

    /// <summary>
    /// Reads a meta.v1.LabelSelector. Null selects nothing and an empty object everything, as for most fields of this type.
    /// </summary>
    public static LabelSelector FromJson(JsonNode? selector)
    {
        if (selector is not JsonObject json)
        {
            return LabelSelector.Nothing;
        }

        var requirements = new List<LabelRequirement>();
        foreach ((string key, JsonNode? value) in json["matchLabels"] as JsonObject ?? [])
        {
            requirements.Add(new LabelRequirement(key, SelectorOperator.In, [value?.GetValue<string>() ?? ""]));
        }

        foreach (JsonNode? expression in json["matchExpressions"] as JsonArray ?? [])
        {
            requirements.Add(ReadExpression(expression));
        }

        return new LabelSelector(requirements);
    }

    /// <summary>Reads one meta.v1.LabelSelectorRequirement or core.v1.NodeSelectorRequirement.</summary>
    internal static LabelRequirement ReadExpression(JsonNode? expression)
    {
        string key = expression?["key"]?.GetValue<string>() ?? "";
        string[] values = [.. (expression?["values"] as JsonArray ?? []).Select(value => value?.GetValue<string>() ?? "")];
        SelectorOperator name = (expression?["operator"]?.GetValue<string>()) switch
        {
            "In" => SelectorOperator.In,
            "NotIn" => SelectorOperator.NotIn,
            "Exists" => SelectorOperator.Exists,
            "DoesNotExist" => SelectorOperator.DoesNotExist,
            "Gt" => SelectorOperator.GreaterThan,
            "Lt" => SelectorOperator.LessThan,
            { } other => throw ApiErrors.BadRequest($"\"{other}\" is not a valid label selector operator"),
            null => throw ApiErrors.BadRequest("\"\" is not a valid label selector operator"),
        };
        return new LabelRequirement(key, name, values);
    }

    private static LabelRequirement ParseRequirement(LabelSelectorLexer lexer)
    {
        bool isNegated = lexer.Peek() == "!";
        if (isNegated)
        {
            lexer.Next();
        }

        string key = lexer.Next();
        if (!IsIdentifier(key))
        {
            throw Problem($"found '{key}', expected: identifier");
        }

        if (NameRules.QualifiedName(key) is [var problem, ..])
        {
            throw Problem($"<nil>: Invalid value: \"{key}\": {problem}");
        }

        if (isNegated || lexer.Peek() is "" or ",")
        {
            SelectorOperator existence = isNegated ? SelectorOperator.DoesNotExist : SelectorOperator.Exists;
            return new LabelRequirement(key, existence, []);
        }

        string word = lexer.Next();
        return word switch
        {
            "=" or "==" => new LabelRequirement(key, SelectorOperator.In, [ParseValue(lexer)]),
            "!=" => new LabelRequirement(key, SelectorOperator.NotIn, [ParseValue(lexer)]),
            "in" => new LabelRequirement(key, SelectorOperator.In, ParseSet(lexer)),
            "notin" => new LabelRequirement(key, SelectorOperator.NotIn, ParseSet(lexer)),
            ">" or "gt" => new LabelRequirement(key, SelectorOperator.GreaterThan, [ParseNumber(lexer)]),
            "<" or "lt" => new LabelRequirement(key, SelectorOperator.LessThan, [ParseNumber(lexer)]),
            _ => throw Problem($"found '{word}', expected: {Operators}"),
        };
    }

    // An empty value is written as nothing before the comma or the end.
    private static string ParseValue(LabelSelectorLexer lexer)
    {
        if (lexer.Peek() is "" or ",")
        {
            return "";
        }

        string value = lexer.Next();
        return IsIdentifier(value) ? CheckValue(value) : throw Problem($"found '{value}', expected: identifier");
    }

    private static string ParseNumber(LabelSelectorLexer lexer)
    {
        string value = ParseValue(lexer);
        return long.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out _)
            ? value
            : throw Problem($"values[0]: Invalid value: \"{value}\": for 'Gt', 'Lt' operators, the value must be an integer");
    }

    private static List<string> ParseSet(LabelSelectorLexer lexer)
    {
        string open = lexer.Next();
        if (open != "(")
        {
            throw Problem($"found '{open}' expected: '('");
        }

        var values = new List<string>();
        while (true)
        {
            string word = lexer.Peek() is "," or ")" ? "" : CheckValue(lexer.Next());
            values.Add(word);
            string end = lexer.Next();
            if (end == ")")
            {
                return values;
            }

            if (end != ",")
            {
                throw Problem($"found '{end}', expected: ',', or ')'");
            }
        }
    }

    private static string CheckValue(string value) => NameRules.LabelValue(value) is [var problem, ..]
        ? throw Problem($"values[0]: Invalid value: \"{value}\": {problem}")
        : value;

    private static bool IsIdentifier(string word) => word.Length > 0 && !LabelSelectorLexer.IsSpecial(word[0]);

    private static ApiException Problem(string detail) => ApiErrors.BadRequest($"unable to parse requirement: {detail}");
}
