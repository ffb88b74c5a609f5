using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace MiniPlane.ApiServer.Bodies;

/// <summary>
/// Indented answers for people: with <c>?pretty=true</c>, and for browsers, curl and wget unless they say <c>?pretty=false</c>
/// (k8s.io/apiserver/pkg/endpoints/handlers/negotiation).
/// </summary>
internal static class PrettyJson
{
    private static readonly string[] Readers = ["curl", "Wget", "Mozilla/5.0"];

    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static bool IsWanted(HttpRequest request)
    {
        if (request.QueryString.HasValue && request.Query["pretty"].ToString() is { Length: > 0 } asked)
        {
            return asked is "1" or "t" or "T" or "true" or "True" or "TRUE";
        }

        string agent = request.Headers.UserAgent.ToString();
        foreach (string reader in Readers)
        {
            if (agent.StartsWith(reader, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    public static ReadOnlyMemory<byte> Indent(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        var output = new ArrayBufferWriter<byte>(json.Length * 2);
        using (var writer = new Utf8JsonWriter(output, Indented))
        {
            document.WriteTo(writer);
        }

        return output.WrittenMemory;
    }
}
