namespace MiniPlane.Integration.Tests.Informers;

/// <summary>One event that an informer was told.</summary>
internal sealed record Seen(string Type, string Name, long Revision);
