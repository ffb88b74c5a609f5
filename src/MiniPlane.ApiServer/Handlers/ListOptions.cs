using System.Globalization;
using MiniPlane.ApiServer.Requests;
using MiniPlane.ApiServer.Selection;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Selectors;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>meta.v1.ListOptions, checked as upstream checks them (metainternalversion/validation).</summary>
internal sealed record ListOptions
{
    public LabelSelector? Labels { get; init; }

    public string Fields { get; init; } = "";

    public long Limit { get; init; }

    public string Continue { get; init; } = "";

    /// <summary>Empty when not given.</summary>
    public string ResourceVersion { get; init; } = "";

    public long Revision { get; init; }

    /// <summary><c>Exact</c>, <c>NotOlderThan</c> or empty.</summary>
    public string Match { get; init; } = "";

    public long? TimeoutSeconds { get; init; }

    public bool AllowBookmarks { get; init; }

    public bool? SendInitialEvents { get; init; }

    public static ListOptions Read(ApiRequest request)
    {
        string version = request.Query("resourceVersion");
        var options = new ListOptions
        {
            Labels = request.Query("labelSelector") is { Length: > 0 } labels ? LabelSelectorParser.Parse(labels) : null,
            Fields = FieldsOf(request),
            Limit = Number(request, "limit") ?? 0,
            Continue = request.Query("continue"),
            ResourceVersion = version,
            Revision = ReadRevision(version),
            Match = request.Query("resourceVersionMatch"),
            TimeoutSeconds = Number(request, "timeoutSeconds"),
            AllowBookmarks = request.Http.Request.Query.IsTrue("allowWatchBookmarks"),
            SendInitialEvents = request.Query("sendInitialEvents") is { Length: > 0 } send ? QueryFlags.IsTrue(send) : null,
        };
        options.Validate(request.Info.Verb == "watch");
        return options;
    }

    public ListQuery ToQuery(ApiRequest request) => new()
    {
        Namespace = request.Kind.IsNamespaced && request.Info.Namespace.Length > 0 ? request.Info.Namespace : null,
        Labels = Labels,
        Fields = Fields.Length > 0 ? Fields : null,
    };

    public ObjectFilter Filter(ApiRequest request) => ObjectFilter.From(request.Kind, Labels, Fields);

    // A watch of one object has its name in the path.
    private static string FieldsOf(ApiRequest request)
    {
        string fields = request.Query("fieldSelector");
        return request.Info.Name.Length == 0 ? fields
            : $"metadata.name={request.Info.Name}{(fields.Length > 0 ? "," : "")}{fields}";
    }

    private void Validate(bool isWatch)
    {
        var errors = new FieldErrors();
        if (isWatch)
        {
            ValidateWatch(errors);
        }
        else
        {
            ValidateList(errors);
        }

        if (!errors.IsEmpty)
        {
            throw ApiErrors.InvalidOptions("ListOptions", errors);
        }
    }

    private void ValidateWatch(FieldErrors errors)
    {
        if (SendInitialEvents is not null)
        {
            if (Match.Length == 0)
            {
                errors.Forbidden(
                    "resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
            }
            else if (Match != "NotOlderThan")
            {
                errors.NotSupported("resourceVersionMatch", Match, ["NotOlderThan"]);
            }
        }
        else if (Match.Length > 0)
        {
            errors.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
        }
    }

    private void ValidateList(FieldErrors errors)
    {
        if (SendInitialEvents is not null)
        {
            errors.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
        }

        if (Match.Length == 0)
        {
            return;
        }

        if (ResourceVersion.Length == 0)
        {
            errors.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden unless resourceVersion is provided");
        }

        if (Continue.Length > 0)
        {
            errors.Forbidden("resourceVersionMatch", "resourceVersionMatch is forbidden when continue is provided");
        }

        if (Match is not ("Exact" or "NotOlderThan"))
        {
            errors.NotSupported("resourceVersionMatch", Match, ["Exact", "NotOlderThan", ""]);
        }
        else if (Match == "Exact" && ResourceVersion == "0")
        {
            errors.Forbidden("resourceVersionMatch", "resourceVersionMatch \"Exact\" is forbidden for resourceVersion \"0\"");
        }
    }

    private static long ReadRevision(string text) => text.Length == 0 ? 0
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long revision) ? revision
        : throw ApiErrors.BadRequest(
            $"invalid resource version: resourceVersion: Invalid value: \"{text}\": strconv.ParseUint: parsing \"{text}\": invalid syntax");

    private static long? Number(ApiRequest request, string name)
    {
        string text = request.Query(name);
        return text.Length == 0 ? null
            : long.TryParse(text, CultureInfo.InvariantCulture, out long number) ? number
            : throw ApiErrors.BadRequest($"strconv.ParseInt: parsing \"{text}\": invalid syntax");
    }
}
