using System.Text.Json.Nodes;

namespace MiniPlane.Objects.Selectors;

/// <summary>
/// core.v1.NodeSelector: node selector terms, of which one must match. A term needs all its label expressions and all its
/// field expressions (only <c>metadata.name</c>); a term without any matches no node.
/// </summary>
public sealed class NodeSelector
{
    private readonly List<NodeSelectorTerm> _terms;

    private NodeSelector(List<NodeSelectorTerm> terms) => _terms = terms;

    /// <summary>Reads the object form; null or a selector without terms matches no node.</summary>
    public static NodeSelector FromJson(JsonNode? selector) =>
        new([.. (selector?["nodeSelectorTerms"] as JsonArray ?? []).Select(NodeSelectorTerm.FromJson)]);

    /// <summary>Whether a node with these labels and this name matches.</summary>
    public bool Matches(IReadOnlyDictionary<string, string> labels, string nodeName)
    {
        foreach (NodeSelectorTerm term in _terms)
        {
            if (term.Matches(labels, nodeName))
            {
                return true;
            }
        }

        return false;
    }
}
