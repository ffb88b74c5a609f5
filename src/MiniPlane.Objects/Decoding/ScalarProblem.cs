namespace MiniPlane.Objects.Decoding;

/// <summary>Why a scalar does not fit: the JSON it was (the field's type is added by the caller), or a finished message.</summary>
internal sealed record ScalarProblem(string? Found, string? Text)
{
    public static ScalarProblem WrongType(string found) => new(found, null);

    public static ScalarProblem Message(string text) => new(null, text);
}
