using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer.Authorization.Reviews;
using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Protobuf;

namespace MiniPlane.ApiServer.Audit;

/// <summary>What the audit log will say of one request; filled while it runs. Carried in the request's features.</summary>
internal sealed class AuditEntry(HttpContext context, RequestInfo info, UserInfo user, AuditDecision decision, DateTimeOffset received)
{
    public const string Received = "RequestReceived";
    public const string Started = "ResponseStarted";
    public const string Complete = "ResponseComplete";

    private const int MaxBody = 1 << 20;

    private readonly string _id = RequestId.Of(context);

    public AuditDecision Decision => decision;

    public AuditLevel Level => decision.Level;

    /// <summary>As whom the user acts, when not as himself.</summary>
    public UserInfo? Impersonated { get; set; }

    /// <summary>What the answer's status says besides its code.</summary>
    public string Message { get; init; } = "";

    /// <summary>Notes of admission and authorization.</summary>
    public Dictionary<string, string> Annotations { get; } = new(StringComparer.Ordinal);

    /// <summary>The request's body, when the level wants it.</summary>
    public ReadOnlyMemory<byte> RequestBody { get; set; }

    /// <summary>The answer's body, when the level wants it.</summary>
    public TeeStream? Response { get; set; }

    /// <summary>One line of the log (audit.k8s.io/v1 Event).</summary>
    public byte[] ToLine(string stage, DateTimeOffset now)
    {
        HttpRequest request = context.Request;
        var json = new JsonObject
        {
            ["kind"] = "Event",
            ["apiVersion"] = "audit.k8s.io/v1",
            ["level"] = Level.ToString(),
            ["auditID"] = _id,
            ["stage"] = stage,
            ["requestURI"] = request.Path + request.QueryString,
            ["verb"] = info.Verb,
            ["user"] = user.Name.Length > 0 ? UserJson.Of(user) : [],
            ["sourceIPs"] = new JsonArray(context.Connection.RemoteIpAddress?.ToString() ?? ""),
            ["userAgent"] = request.Headers.UserAgent.ToString(),
        };
        if (Impersonated is { } other)
        {
            json["impersonatedUser"] = UserJson.Of(other);
        }

        if (info.IsResource)
        {
            json["objectRef"] = Reference();
        }

        if (stage != Received)
        {
            var status = new JsonObject { ["metadata"] = new JsonObject(), ["code"] = context.Response.StatusCode };
            if (Message.Length > 0)
            {
                status["message"] = Message;
            }

            json["responseStatus"] = status;
            Body(json, "requestObject", RequestBody);
            Body(json, "responseObject", Response?.Captured ?? default);
        }

        json["requestReceivedTimestamp"] = Micro(received);
        json["stageTimestamp"] = Micro(now);
        if (Annotations.Count > 0)
        {
            json["annotations"] = new JsonObject([.. Annotations.Select(one => KeyValuePair.Create<string, JsonNode?>(one.Key, one.Value))]);
        }

        return [.. JsonBytes.Encode(json).Span, (byte)'\n'];
    }

    private JsonObject Reference()
    {
        var reference = new JsonObject { ["resource"] = info.Resource };
        foreach ((string name, string value) in (ReadOnlySpan<(string, string)>)
            [
                ("namespace", info.Namespace), ("name", info.Name), ("apiGroup", info.Group), ("apiVersion", info.Version),
                ("subresource", info.Subresource),
            ])
        {
            if (value.Length > 0)
            {
                reference[name] = value;
            }
        }

        return reference;
    }

    // What is no object (a stream) or too long is left out rather than half shown.
    private void Body(JsonObject json, string field, ReadOnlyMemory<byte> body)
    {
        if (body.Length is 0 or > MaxBody)
        {
            return;
        }

        try
        {
            json[field] = body.Span.StartsWith(ProtobufDecoder.Magic) ? Decoded(body) : JsonNode.Parse(body.Span);
            if (decision.OmitsManagedFields)
            {
                WithoutManagedFields(json[field]);
            }
        }
        catch (Exception error) when (error is JsonException or ApiException)
        {
            json[field] = null;
        }
    }

    private JsonObject Decoded(ReadOnlyMemory<byte> body) =>
        ProtobufDecoder.Decode(body.Span, context.RequestServices.GetRequiredService<IKindCatalogue>());

    private static void WithoutManagedFields(JsonNode? body)
    {
        body.Object("metadata")?.Remove("managedFields");
        foreach (JsonObject item in body.Objects("items"))
        {
            item.Object("metadata")?.Remove("managedFields");
        }
    }

    private static string Micro(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
