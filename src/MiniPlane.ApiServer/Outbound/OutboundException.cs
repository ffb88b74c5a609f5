namespace MiniPlane.ApiServer.Outbound;

/// <summary>A call to another server could not be made; the message says why in the words a Go client would use.</summary>
public sealed class OutboundException : Exception
{
    public OutboundException(string message)
        : base(message)
    {
    }

    public OutboundException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
