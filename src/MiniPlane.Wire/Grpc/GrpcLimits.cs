namespace MiniPlane.Wire.Grpc;

/// <summary>The bounds of one call.</summary>
public sealed record GrpcLimits
{
    public static GrpcLimits Default { get; } = new();

    /// <summary>The longest message that is read; a longer one ends the call with ResourceExhausted.</summary>
    public int MaxMessageBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How many messages may wait to be written; a writer waits when there are more.</summary>
    public int WriteQueue { get; init; } = 64;

    /// <summary>How many unflushed bytes make a flush before the queue is empty.</summary>
    public int FlushBytes { get; init; } = 64 * 1024;
}
