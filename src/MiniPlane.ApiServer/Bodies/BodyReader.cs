using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json.Nodes;
using System.Text.Json;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer.Audit;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Decoding;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Protobuf;

namespace MiniPlane.ApiServer.Bodies;

/// <summary>Reads request bodies: JSON, YAML or protobuf, at most 3 MiB, one object.</summary>
internal static class BodyReader
{
    /// <summary>kube-apiserver's MaxRequestBodyBytes.</summary>
    public const int MaxBytes = 3 * 1024 * 1024;

    private const string UnknownFormat =
        "the body of the request was in an unknown format - accepted media types include: "
        + "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    private const string TypeMeta =
        "struct { APIVersion string \"json:\\\"apiVersion,omitempty\\\"\"; Kind string \"json:\\\"kind,omitempty\\\"\" }";

    /// <summary>Reads the body as the object of a create or update. <paramref name="kind"/> is only for error texts.</summary>
    public static async ValueTask<(JsonObject Object, DecodedBody Body)> ReadObjectAsync(
        HttpRequest request, string kind, CancellationToken cancellationToken)
    {
        DecodedBody body = await ReadAsync(request, kind, cancellationToken);
        return body.Json is JsonObject json
            ? (json, body)
            : throw Unrecognized(
                kind,
                body.IsEmpty ? "unexpected end of JSON input" : $"json: cannot unmarshal {Word(body.Json)} into Go value of type {TypeMeta}",
                body.Raw.Span);
    }

    public static async ValueTask<DecodedBody> ReadAsync(HttpRequest request, string kind, CancellationToken cancellationToken)
    {
        string type = MediaType(request.ContentType);
        if (type is not ("" or "application/json" or "application/yaml" or ProtobufDecoder.MediaType))
        {
            throw ApiErrors.UnsupportedMediaType(UnknownFormat);
        }

        ReadOnlyMemory<byte> raw = await ReadBytesAsync(request, cancellationToken);
        if (raw.IsEmpty)
        {
            return DecodedBody.Empty;
        }

        return type == ProtobufDecoder.MediaType
            ? new DecodedBody(ProtobufDecoder.Decode(raw.Span, Catalogue(request)), raw, [])
            : Decode(raw, type == "application/yaml", kind);
    }

    /// <summary>The content type without parameters, in lower case.</summary>
    public static string MediaType(string? contentType)
    {
        ReadOnlySpan<char> type = contentType;
        int semicolon = type.IndexOf(';');
        return (semicolon < 0 ? type : type[..semicolon]).Trim().ToString().ToLowerInvariant();
    }

    public static async ValueTask<ReadOnlyMemory<byte>> ReadBytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        PipeReader reader = request.BodyReader;
        while (true)
        {
            ReadResult result = await reader.ReadAsync(cancellationToken);
            if (result.Buffer.Length > MaxBytes)
            {
                throw ApiErrors.TooLarge($"Request entity too large: limit is {MaxBytes}");
            }

            if (result.IsCompleted)
            {
                byte[] bytes = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                if (AuditLog.Of(request.HttpContext) is { Level: >= AuditLevel.Request } entry)
                {
                    entry.RequestBody = bytes;
                }

                return bytes;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    public static DecodedBody Decode(ReadOnlyMemory<byte> raw, bool isYaml, string kind)
    {
        if (isYaml && TryJson(raw) is { } json)
        {
            return json;
        }

        try
        {
            if (!isYaml)
            {
                var body = JsonBody.Parse(raw.Span);
                return new DecodedBody(body.Root, raw, body.Duplicates);
            }

            var duplicates = new List<string>();
            JsonNode? root = YamlReader.Read(raw.Span, duplicates);
            return new DecodedBody(root, raw, duplicates.Count == 0 ? [] : [ObjectDecoder.YamlProblem + string.Join("\n  ", duplicates)]);
        }
        catch (JsonException exception)
        {
            throw Unrecognized(kind, GoWords(exception), raw.Span);
        }
    }

    // Nearly all clients send an apply configuration as JSON, which is YAML and much quicker to read.
    private static DecodedBody? TryJson(ReadOnlyMemory<byte> raw)
    {
        if (!raw.Span.TrimStart(" \t\r\n"u8).StartsWith("{"u8))
        {
            return null;
        }

        try
        {
            var body = JsonBody.Parse(raw.Span);
            return new DecodedBody(body.Root, raw, body.Duplicates);
        }
        catch (JsonException)
        {
            // YAML's own brackets, or an error that is told in the words of YAML.
            return null;
        }
    }

    private static IKindCatalogue Catalogue(HttpRequest request) =>
        request.HttpContext.RequestServices.GetRequiredService<IKindCatalogue>();

    private static ApiException Unrecognized(string kind, string problem, ReadOnlySpan<byte> raw) => ApiErrors.BadRequest(
        $"the object provided is unrecognized (must be of type {kind}): couldn't get version/kind; json parse error: "
        + $"{problem} ({Summary(raw)})");

    private static string Word(JsonNode? json) => json?.GetValueKind() switch
    {
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => "null",
    };

    private static string GoWords(JsonException exception) =>
        exception.Message.Contains("end of data", StringComparison.Ordinal)
        || exception.Message.Contains("end of JSON", StringComparison.Ordinal)
        || exception.Message.Contains("does not contain any JSON tokens", StringComparison.Ordinal)
        || exception.Message.Contains("Expected depth to be zero", StringComparison.Ordinal)
            ? "unexpected end of JSON input"
            : exception.Message;

    // The error shows the beginning of the body: text when it looks like JSON, hexadecimal otherwise.
    private static string Summary(ReadOnlySpan<byte> raw)
    {
        const int limit = 30;
        if (raw.IsEmpty)
        {
            return "<empty>";
        }

        ReadOnlySpan<byte> shown = raw.Length > limit ? raw[..limit] : raw;
        string text = raw[0] == (byte)'{' ? Encoding.UTF8.GetString(shown) : Convert.ToHexStringLower(shown);
        return raw.Length > limit ? $"{text} ..." : text;
    }
}
