using System.Text.Json.Nodes;
using Google.Protobuf;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Objects.Protobuf;

/// <summary>
/// Reads <c>application/vnd.kubernetes.protobuf</c> (Kubernetes API concepts, "Kubernetes Protobuf encoding"): the bytes
/// <c>k8s\0</c>, then a runtime.Unknown message that names the type and holds the object, whose field numbers the catalogue knows.
/// </summary>
public static class ProtobufDecoder
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    /// <summary>How every message begins.</summary>
    public static ReadOnlySpan<byte> Magic => "k8s\0"u8;

    /// <summary>The object as JSON with <c>kind</c> and <c>apiVersion</c>; BadRequest if the bytes are not such an object.</summary>
    public static JsonObject Decode(ReadOnlySpan<byte> body, IKindCatalogue catalogue)
    {
        if (!body.StartsWith(Magic))
        {
            throw ApiErrors.BadRequest("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        }

        try
        {
            return DecodeEnvelope(body[Magic.Length..].ToArray(), catalogue);
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or InvalidDataException)
        {
            throw ApiErrors.BadRequest($"the body is not a valid protobuf message: {exception.Message}");
        }
    }

    private static JsonObject DecodeEnvelope(byte[] unknown, IKindCatalogue catalogue)
    {
        string apiVersion = "";
        string kind = "";
        ByteString raw = ByteString.Empty;
        var input = new CodedInputStream(unknown);
        while (input.ReadTag() is not 0 and uint tag)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1:
                    (apiVersion, kind) = DecodeTypeMeta(input.ReadBytes());
                    break;
                case 2:
                    raw = input.ReadBytes();
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        TypeDefinition type = ProtobufTypes.Find(catalogue, apiVersion, kind)
            ?? throw ApiErrors.BadRequest($"no kind \"{kind}\" is registered for version \"{apiVersion}\"");
        if (type.Fields.All(field => field.ProtoNumber == 0))
        {
            throw ApiErrors.NotMarshalable();
        }

        var json = new JsonObject { ["kind"] = kind, ["apiVersion"] = apiVersion };
        foreach ((string name, JsonNode? value) in new ProtobufMessageReader(type).Read(raw))
        {
            json[name] = value?.DeepClone();
        }

        return json;
    }

    private static (string ApiVersion, string Kind) DecodeTypeMeta(ByteString bytes)
    {
        string apiVersion = "";
        string kind = "";
        CodedInputStream input = bytes.CreateCodedInput();
        while (input.ReadTag() is not 0 and uint tag)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1:
                    apiVersion = input.ReadString();
                    break;
                case 2:
                    kind = input.ReadString();
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        return (apiVersion, kind);
    }
}
