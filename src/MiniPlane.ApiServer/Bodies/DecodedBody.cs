using System.Text.Json.Nodes;

namespace MiniPlane.ApiServer.Bodies;

/// <summary>A request's body as JSON, and which fields it gave twice.</summary>
internal sealed record DecodedBody(JsonNode? Json, ReadOnlyMemory<byte> Raw, IReadOnlyList<string> DuplicateFields)
{
    public static readonly DecodedBody Empty = new(null, default, []);

    public bool IsEmpty => Raw.IsEmpty;
}
