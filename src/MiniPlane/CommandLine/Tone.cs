namespace MiniPlane.CommandLine;

/// <summary>What a piece of a screen means; on a plain terminal it makes no difference.</summary>
internal enum Tone
{
    Plain,
    Good,
    Warn,
    Bad,
    Dim,
    Title,
}
