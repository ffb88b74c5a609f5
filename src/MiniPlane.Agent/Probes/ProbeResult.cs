namespace MiniPlane.Agent.Probes;

/// <summary>The outcome of one try of a probe.</summary>
internal readonly record struct ProbeResult(bool IsSuccess, string Message)
{
    public static ProbeResult Success { get; } = new(true, "");

    public static ProbeResult Failure(string message) => new(false, message);
}
