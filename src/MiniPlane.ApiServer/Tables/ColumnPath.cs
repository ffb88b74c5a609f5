using System.Globalization;
using System.Text.Json.Nodes;

namespace MiniPlane.ApiServer.Tables;

/// <summary>
/// The simple JSONPaths of printer columns: <c>.a.b</c>, <c>['a']</c>, <c>[0]</c>, <c>[-1]</c>, <c>[*]</c>, <c>.a\.b</c> and filters of the
/// form <c>[?(@.type=="Ready")]</c>.
/// </summary>
internal static class ColumnPath
{
    public static IEnumerable<JsonNode> Evaluate(JsonNode root, string path)
    {
        IEnumerable<JsonNode> nodes = [root];
        int position = path.StartsWith('$') ? 1 : 0;
        while (position < path.Length)
        {
            if (path[position] == '.')
            {
                position++;
            }
            else if (path[position] == '[')
            {
                int end = path.IndexOf(']', position);
                if (end < 0)
                {
                    return [];
                }

                string step = path[(position + 1)..end];
                nodes = nodes.SelectMany(node => Index(node, step));
                position = end + 1;
            }
            else
            {
                string name = ReadName(path, ref position);
                nodes = nodes.SelectMany(node => Child(node, name));
            }
        }

        return nodes;
    }

    private static string ReadName(string path, ref int position)
    {
        var name = new System.Text.StringBuilder();
        while (position < path.Length && path[position] is not ('.' or '['))
        {
            if (path[position] == '\\' && position + 1 < path.Length)
            {
                position++;
            }

            name.Append(path[position++]);
        }

        return name.ToString();
    }

    private static IEnumerable<JsonNode> Child(JsonNode node, string name)
    {
        if (name == "*")
        {
            return All(node);
        }

        return node is JsonObject json && json[name] is { } child ? [child] : [];
    }

    private static IEnumerable<JsonNode> Index(JsonNode node, string step)
    {
        if (step == "*")
        {
            return All(node);
        }

        if (step.StartsWith('\'') || step.StartsWith('"'))
        {
            return Child(node, step.Trim('\'', '"'));
        }

        if (step.StartsWith("?(", StringComparison.Ordinal) && step.EndsWith(')'))
        {
            return Filter(node, step[2..^1]);
        }

        if (node is JsonArray array && int.TryParse(step, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int index))
        {
            int at = index < 0 ? array.Count + index : index;
            return at >= 0 && at < array.Count && array[at] is { } item ? [item] : [];
        }

        return [];
    }

    private static IEnumerable<JsonNode> Filter(JsonNode node, string condition)
    {
        bool negated = false;
        string[] sides = condition.Split("==", 2, StringSplitOptions.TrimEntries);
        if (sides.Length != 2)
        {
            sides = condition.Split("!=", 2, StringSplitOptions.TrimEntries);
            negated = true;
        }

        if (sides.Length != 2 || !sides[0].StartsWith('@'))
        {
            return [];
        }

        string path = sides[0][1..];
        string wanted = sides[1].Trim('\'', '"');
        return All(node).Where(item =>
            (Evaluate(item, path).FirstOrDefault() is { } value && Cell.Scalar(value) == wanted) != negated);
    }

    private static IEnumerable<JsonNode> All(JsonNode node) => node switch
    {
        JsonArray array => array.OfType<JsonNode>(),
        JsonObject json => json.Select(field => field.Value).OfType<JsonNode>(),
        _ => [],
    };
}
