using System.Text.Json;
using MiniPlane.Objects.Protobuf;

namespace MiniPlane.ApiServer.OpenApi;

/// <summary>
/// An OpenAPI 2 document as the protobuf message that older clients ask for (gnostic's openapi.v2.Document): made from the JSON form, by a
/// table of field numbers. What the API's document never has (forms, headers, security) is not in the table.
/// </summary>
internal static class GnosticDocument
{
    /// <summary>What clients ask for. The at sign is not allowed in a media type, so the answer's type is another.</summary>
    public const string AskedMediaType = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";

    public const string MediaType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    public static ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var buffer = new ProtobufBuffer(json.Length);
        GnosticFields.Write(buffer, GnosticMessage.Document, document.RootElement);
        return buffer.Written;
    }
}
