namespace MiniPlane.Objects.Catalogue;

/// <summary>A path below an object (<c>status</c>, <c>scale</c>, <c>log</c>) with the type it speaks and its verbs.</summary>
public sealed record SubresourceDefinition(
    string Name, string Kind, string Group, string Version, IReadOnlyList<string> Verbs);
