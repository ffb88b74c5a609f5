namespace MiniPlane.Agent.Streams;

/// <summary>A stream that cannot be served: with an HTTP-like code, 404 no such container, 400 not started.</summary>
internal sealed class StreamException(int code, string message) : Exception(message)
{
    public int Code { get; } = code;
}
