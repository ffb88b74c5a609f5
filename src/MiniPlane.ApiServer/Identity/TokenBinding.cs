namespace MiniPlane.ApiServer.Identity;

/// <summary>The Pod, Secret or Node without which a token is worth nothing.</summary>
internal sealed record TokenBinding(string Kind, string Name, string Uid);
