using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Objects.Apply;

/// <summary>
/// The other versions of a kind, for managers that wrote in them: each manager's fields have the names of its own version
/// (structured-merge-diff, <c>merge.Converter</c>).
/// </summary>
public interface IVersionSource
{
    /// <summary>The type of the kind's objects in a version, or null when the kind has no such version any longer.</summary>
    TypeDefinition? FindType(string apiVersion);

    /// <summary>
    /// <paramref name="obj"/>, which says itself of which version it is, in another version of which there is a type: a copy, or the
    /// object itself when it is of that version already.
    /// </summary>
    /// <exception cref="Errors.ApiException">Who converts this kind does not answer, or refuses.</exception>
    ValueTask<JsonObject> ConvertAsync(JsonObject obj, string apiVersion, CancellationToken cancellationToken);
}
