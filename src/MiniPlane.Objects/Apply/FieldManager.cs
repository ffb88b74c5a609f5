namespace MiniPlane.Objects.Apply;

/// <summary>Who writes: the manager's name, the version in which it speaks, and the subresource it writes through (or "").</summary>
public sealed record FieldManager(string Name, string ApiVersion, string Subresource);
