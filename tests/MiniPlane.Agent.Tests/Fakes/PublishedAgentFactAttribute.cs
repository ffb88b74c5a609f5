namespace MiniPlane.Agent.Tests.Fakes;

/// <summary>A test that needs the published program.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PublishedAgentFactAttribute : FactAttribute
{
    public static readonly string? Program = Environment.GetEnvironmentVariable("MINIPLANE_AGENT");

    public PublishedAgentFactAttribute() => Skip = Program is null ? "MINIPLANE_AGENT does not name a published agent" : null;
}
