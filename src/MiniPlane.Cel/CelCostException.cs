namespace MiniPlane.Cel;

/// <summary>An expression was stopped because it did more work than it was allowed to.</summary>
public sealed class CelCostException : Exception
{
    public CelCostException(string message)
        : base(message)
    {
    }

    public CelCostException()
        : base("operation cancelled: actual cost limit exceeded")
    {
    }

    public CelCostException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
