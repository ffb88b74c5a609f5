namespace MiniPlane.Cel.Syntax;

/// <summary>The text is no expression; says where and why.</summary>
internal sealed class SyntaxException : Exception
{
    public SyntaxException(int position, string message)
        : base(message)
    {
        Position = position;
    }

    public SyntaxException()
    {
    }

    public SyntaxException(string message)
        : base(message)
    {
    }

    public SyntaxException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public int Position { get; }
}
