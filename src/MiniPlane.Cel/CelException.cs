namespace MiniPlane.Cel;

/// <summary>An expression failed while it ran: a missing key, an overflow, a value of the wrong type. The message is in cel-go's words.</summary>
public sealed class CelException : Exception
{
    public CelException(string message)
        : base(message)
    {
    }

    public CelException()
    {
    }

    public CelException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    internal static CelException NoSuchOverload() => new("no such overload");
}
