namespace MiniPlane.Wire.Grpc;

/// <summary>A call ended with another status than OK. Thrown in a server's handler it becomes the call's status.</summary>
public sealed class GrpcException : Exception
{
    public GrpcException()
        : this(new GrpcStatus(GrpcStatusCode.Unknown, ""))
    {
    }

    public GrpcException(string message)
        : this(new GrpcStatus(GrpcStatusCode.Unknown, message))
    {
    }

    public GrpcException(string message, Exception innerException)
        : this(new GrpcStatus(GrpcStatusCode.Unknown, message), innerException)
    {
    }

    public GrpcException(GrpcStatus status, Exception? innerException = null)
        : base(status.ToString(), innerException) => Status = status;

    public GrpcException(GrpcStatusCode code, string message, Exception? innerException = null)
        : this(new GrpcStatus(code, message), innerException)
    {
    }

    public GrpcStatus Status { get; }
}
