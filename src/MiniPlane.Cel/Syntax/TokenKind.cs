namespace MiniPlane.Cel.Syntax;

/// <summary>What a token is.</summary>
internal enum TokenKind
{
    End,
    Identifier,

    /// <summary>A name in backquotes.</summary>
    QuotedName,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Symbol,
}
