using System.Text.Json.Nodes;

namespace MiniPlane.Objects.Errors;

/// <summary>
/// A refused request: everything a Kubernetes Status answer says (meta.v1.Status). Made only by <see cref="ApiErrors"/>,
/// turned into HTTP in one place, and caught by controllers that know what to do about its <see cref="Reason"/>.
/// </summary>
public sealed class ApiException : Exception
{
    public ApiException(int code, string reason, string message)
        : base(message)
    {
        Code = code;
        Reason = reason;
    }

    /// <summary>HTTP status code.</summary>
    public int Code { get; }

    /// <summary>meta.v1.StatusReason: <c>NotFound</c>, <c>Conflict</c>, <c>Invalid</c>, …</summary>
    public string Reason { get; }

    /// <summary>Group of the kind the error is about; empty for core or none.</summary>
    public string Group { get; init; } = "";

    /// <summary>The resource (plural) or, for Invalid, the kind; as upstream fills <c>details.kind</c>.</summary>
    public string Kind { get; init; } = "";

    public string Name { get; init; } = "";

    public string Uid { get; init; } = "";

    public IReadOnlyList<StatusCause> Causes { get; init; } = [];

    /// <summary>The Status has <c>details</c> even if they are empty, as some of upstream's answers do.</summary>
    public bool HasDetails { get; init; }

    /// <summary>Where an expired list may go on although its pages no longer belong together; empty for all other errors.</summary>
    public string Continue { get; init; } = "";

    /// <summary>Seconds after which a retry makes sense, or 0.</summary>
    public int RetryAfterSeconds { get; init; }

    /// <summary>The Status object of the answer's body.</summary>
    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = ToMetadata(),
            ["status"] = "Failure",
            ["message"] = Message,
        };
        AddText(status, "reason", Reason);
        JsonObject details = ToDetails();
        if (details.Count > 0 || HasDetails)
        {
            status["details"] = details;
        }

        status["code"] = Code;
        return status;
    }

    private JsonObject ToMetadata()
    {
        var metadata = new JsonObject();
        AddText(metadata, "continue", Continue);
        return metadata;
    }

    private JsonObject ToDetails()
    {
        var details = new JsonObject();
        AddText(details, "name", Name);
        AddText(details, "group", Group);
        AddText(details, "kind", Kind);
        AddText(details, "uid", Uid);
        if (Causes.Count > 0)
        {
            details["causes"] = new JsonArray([.. Causes.Select(ToJson)]);
        }

        if (RetryAfterSeconds > 0)
        {
            details["retryAfterSeconds"] = RetryAfterSeconds;
        }

        return details;
    }

    private static JsonObject ToJson(StatusCause cause)
    {
        var json = new JsonObject();
        AddText(json, "reason", cause.Reason);
        AddText(json, "message", cause.Message);
        AddText(json, "field", cause.Field);
        return json;
    }

    private static void AddText(JsonObject json, string name, string value)
    {
        if (value.Length > 0)
        {
            json[name] = value;
        }
    }
}
