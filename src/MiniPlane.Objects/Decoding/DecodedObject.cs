using System.Text.Json.Nodes;

namespace MiniPlane.Objects.Decoding;

/// <summary>
/// A decoded body. <paramref name="Problems"/> are what <c>fieldValidation=Strict</c> refuses, <c>Warn</c> tells and
/// <c>Ignore</c> keeps quiet about: <c>unknown field "spec.foo"</c>, <c>duplicate field "spec.bar"</c>.
/// </summary>
public sealed record DecodedObject(JsonObject Json, IReadOnlyList<string> Problems)
{
    /// <summary>The text of the refusal under <c>Strict</c>.</summary>
    public string StrictMessage => "strict decoding error: " + string.Join(", ", Problems);
}
