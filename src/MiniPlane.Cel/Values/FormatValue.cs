namespace MiniPlane.Cel.Values;

/// <summary>A named format with its rule: what is wrong with a text, nothing when it is good.</summary>
internal sealed record FormatValue(string Name, Func<string, IReadOnlyList<string>> Validate) : ICelOpaque
{
    public CelKind Kind => CelKind.Format;

    public bool Equals(ICelOpaque? other) => other is FormatValue value && value.Name == Name;

    public override string ToString() => Name;
}
