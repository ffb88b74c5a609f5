using System.Text.Json.Nodes;

namespace MiniPlane.Objects.Selectors;

/// <summary>core.v1.NodeSelectorTerm; also the <c>preference</c> of a preferred scheduling term.</summary>
public sealed class NodeSelectorTerm
{
    private readonly LabelSelector _labels;
    private readonly LabelSelector _fields;

    private NodeSelectorTerm(LabelSelector labels, LabelSelector fields)
    {
        _labels = labels;
        _fields = fields;
    }

    public static NodeSelectorTerm FromJson(JsonNode? term) =>
        new(Read(term?["matchExpressions"]), Read(term?["matchFields"]));

    public bool Matches(IReadOnlyDictionary<string, string> labels, string nodeName)
    {
        if (_labels.IsEmpty && _fields.IsEmpty)
        {
            return false;
        }

        return _labels.Matches(labels)
            && (_fields.IsEmpty || _fields.Matches(new Dictionary<string, string>(StringComparer.Ordinal) { ["metadata.name"] = nodeName }));
    }

    private static LabelSelector Read(JsonNode? expressions) =>
        new([.. (expressions as JsonArray ?? []).Select(LabelSelectorParser.ReadExpression)]);
}
