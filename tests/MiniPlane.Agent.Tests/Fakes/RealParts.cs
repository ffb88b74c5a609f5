namespace MiniPlane.Agent.Tests.Fakes;

/// <summary>
/// The real parts that some tests need, where <c>tests/run.sh</c> says they are, or where the rig (<c>tests/rig/up.sh start</c>) puts
/// them by default. A part that is missing is a failure.
/// </summary>
internal static class RealParts
{
    /// <summary>The registry; it serves <see cref="Image"/>.</summary>
    public static string Registry { get; } = Environment.GetEnvironmentVariable("MINIPLANE_TEST_REGISTRY") ?? "127.0.0.1:5051";

    /// <summary>An image with a shell, cat, sleep and the like, and no entry point.</summary>
    public static string Image { get; } = Registry + "/miniplane/busybox:1";

    /// <summary>The published agent.</summary>
    public static string AgentProgram { get; } =
        Environment.GetEnvironmentVariable("MINIPLANE_AGENT") ?? "/var/tmp/miniplane-rig/app/miniplane-agent";
}
