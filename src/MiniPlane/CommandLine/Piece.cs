namespace MiniPlane.CommandLine;

/// <summary>A piece of a line on the screen.</summary>
internal readonly record struct Piece(string Text, Tone Tone = Tone.Plain)
{
    public static implicit operator Piece(string text) => new(text);

    public static Piece Good(string text) => new(text, Tone.Good);

    public static Piece Warn(string text) => new(text, Tone.Warn);

    public static Piece Bad(string text) => new(text, Tone.Bad);

    public static Piece Dim(string text) => new(text, Tone.Dim);

    public static Piece Title(string text) => new(text, Tone.Title);
}
