using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Watching;

/// <summary>
/// Where a paged list goes on: a revision and the last key that was sent. Opaque to clients. A token whose revision is
/// <see cref="Newest"/> goes on in the present state, after the one of the list's own expired.
/// </summary>
internal readonly record struct ContinueToken(long Revision, ObjectKey After)
{
    public const long Newest = -1;

    public string Encode()
    {
        var json = new JsonObject
        {
            ["v"] = "meta.k8s.io/v1",
            ["rv"] = Revision,
            ["ns"] = After.Namespace,
            ["start"] = After.Name,
        };
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
    }

    public static ContinueToken Decode(string text)
    {
        try
        {
            var json = JsonNode.Parse(Base64Url.DecodeFromChars(text));
            if (json.Text("v") == "meta.k8s.io/v1" && json.Integer("rv") is { } revision && json.Text("start") is { } name)
            {
                return new ContinueToken(revision, new ObjectKey(json.TextOrEmpty("ns"), name));
            }
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw ApiErrors.BadRequest($"invalid continue token: continue key is not valid: {exception.Message}");
        }

        throw ApiErrors.BadRequest("invalid continue token: continue key is not valid: incorrect encoded start key (version meta.k8s.io/v1)");
    }
}
