using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Objects.Decoding;

/// <summary>
/// Brings a JSON object into the form of its type, as Go's decoding of the typed object and encoding it again would: unknown
/// fields go (and are reported), nulls and empty lists and maps go, quantities and times become canonical. A value of the wrong
/// JSON type is a BadRequest in the words of Go's decoder.
/// </summary>
public static class ObjectDecoder
{
    /// <summary>How the complaint of a YAML reader begins; such a text among the duplicates is told as it is.</summary>
    public const string YamlProblem = "yaml: unmarshal errors:\n  ";

    /// <summary>Decodes a request's body as <paramref name="kind"/>; the body is taken over, not copied.</summary>
    /// <exception cref="ApiException">BadRequest, worded as upstream's <c>… cannot be handled as a …</c>.</exception>
    public static DecodedObject Decode(JsonObject body, KindDefinition kind, IEnumerable<string>? duplicates = null)
    {
        try
        {
            return Decode(body, kind.Type, duplicates);
        }
        catch (ApiException wrong) when (wrong.Reason == "BadRequest")
        {
            throw CannotBeHandled(kind, wrong.Message);
        }
    }

    /// <summary>
    /// The same, and what a decoded object leaves out stays in: nulls, zeros, empty lists and maps. Who applies a configuration owns them,
    /// and they clear what is there.
    /// </summary>
    /// <exception cref="ApiException">BadRequest, worded as upstream's <c>… cannot be handled as a …</c>.</exception>
    public static DecodedObject DecodeWhole(JsonObject body, KindDefinition kind, IEnumerable<string>? duplicates = null)
    {
        var walk = new DecoderWalk { KeepsEmpty = true };
        try
        {
            return Decode(body, kind.Type, duplicates, walk);
        }
        catch (ApiException wrong) when (wrong.Reason == "BadRequest")
        {
            throw CannotBeHandled(kind, wrong.Message);
        }
    }

    /// <summary>The refusal that <c>fieldValidation=Strict</c> asks for, or null when there is nothing to refuse.</summary>
    public static ApiException? StrictRefusal(DecodedObject decoded, KindDefinition kind) =>
        decoded.Problems.Count == 0 ? null : CannotBeHandled(kind, decoded.StrictMessage);

    public static ApiException CannotBeHandled(KindDefinition kind, string message) => ApiErrors.BadRequest(Preface(kind) + message);

    /// <summary>What the decoder itself said of an object that cannot be handled; null when the refusal was about something else.</summary>
    public static string? BareMessage(ApiException refusal, KindDefinition kind) =>
        refusal.Reason == "BadRequest" && refusal.Message.StartsWith(Preface(kind), StringComparison.Ordinal)
            ? refusal.Message[Preface(kind).Length..]
            : null;

    /// <summary>Decodes an object of any type; the object is taken over, not copied.</summary>
    /// <param name="json">What to decode.</param>
    /// <param name="type">The type to give it.</param>
    /// <param name="duplicates">Paths of keys that came twice in the text (<see cref="JsonBody.Duplicates"/>).</param>
    /// <exception cref="ApiException">BadRequest with the bare message of the decoder.</exception>
    public static DecodedObject Decode(JsonObject json, TypeDefinition type, IEnumerable<string>? duplicates = null) =>
        Decode(json, type, duplicates, new DecoderWalk());

    private static DecodedObject Decode(JsonObject json, TypeDefinition type, IEnumerable<string>? duplicates, DecoderWalk walk)
    {
        walk.DecodeObject(json, type, null);
        walk.Problems.AddRange((duplicates ?? []).Select(Duplicate));
        return walk.Failure is { } failure ? throw ApiErrors.BadRequest(failure) : new DecodedObject(json, walk.Problems);
    }

    private static string Preface(KindDefinition kind) =>
        $"{kind.Kind} in version \"{kind.Version}\" cannot be handled as a {kind.Kind}: ";

    private static string Duplicate(string told) =>
        told.StartsWith(YamlProblem, StringComparison.Ordinal) ? told : $"duplicate field \"{told}\"";
}
