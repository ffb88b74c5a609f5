namespace MiniPlane.Cel;

/// <summary>An expression is not well formed or does not fit its environment. The message shows each place, as cel-go prints it.</summary>
public sealed class CelCompileException : Exception
{
    public CelCompileException(string message)
        : base(message)
    {
    }

    public CelCompileException()
    {
    }

    public CelCompileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
