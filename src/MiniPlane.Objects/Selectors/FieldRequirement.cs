namespace MiniPlane.Objects.Selectors;

/// <summary>One condition on one field: its text equals the value, or does not.</summary>
public sealed record FieldRequirement(string Field, string Value, bool IsNegated);
