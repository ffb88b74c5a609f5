namespace MiniPlane.Objects.Selectors;

/// <summary>A conjunction of label requirements. No requirement matches everything.</summary>
public sealed record LabelSelector(IReadOnlyList<LabelRequirement> Requirements)
{
    public static readonly LabelSelector Everything = new([]);

    /// <summary>Matches no object: one of no values is wanted.</summary>
    public static readonly LabelSelector Nothing = new([new LabelRequirement("", SelectorOperator.In, [])]);

    public bool IsEmpty => Requirements.Count == 0;

    /// <summary>Equality on every given label, as <c>matchLabels</c> means it.</summary>
    public static LabelSelector FromLabels(IEnumerable<KeyValuePair<string, string>> labels) =>
        new([.. labels.Select(label => new LabelRequirement(label.Key, SelectorOperator.In, [label.Value]))]);

    public bool Matches(IReadOnlyDictionary<string, string> labels)
    {
        foreach (LabelRequirement requirement in Requirements)
        {
            if (!requirement.Matches(labels))
            {
                return false;
            }
        }

        return true;
    }
}
