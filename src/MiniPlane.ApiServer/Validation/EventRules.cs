using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Validation;

/// <summary>
/// Events (pkg/apis/core/validation/events.go). They are stored in core's form, but <c>events.k8s.io</c> asks for more than core
/// does, and forbids later changes; so the version of the request counts.
/// </summary>
internal static class EventRules
{
    private const int TextLimit = 128;
    private const int NoteLimit = 1024;

    private static readonly string[] CoreOnly = ["firstTimestamp", "lastTimestamp", "count"];

    private static readonly string[] FixedFields =
    [
        "involvedObject", "reason", "message", "firstTimestamp", "lastTimestamp", "count", "type", "eventTime", "action", "related",
        "reportingComponent", "reportingInstance",
    ];

    public static void Create(KindDefinition requested, JsonObject obj, FieldErrors errors)
    {
        Common(requested, obj, errors);
        if (requested.Group.Length == 0)
        {
            return;
        }

        Series(obj, errors);
        if (!obj.Has("eventTime"))
        {
            errors.Required("eventTime");
        }

        if (obj.TextOrEmpty("type") is { } type and not ("Normal" or "Warning"))
        {
            errors.Invalid("type", "", $"has invalid value: {type}");
        }

        foreach (string name in CoreOnly.Where(name => obj[name] is { } value && value.Integer() != 0))
        {
            errors.Invalid(name, "", "needs to be unset");
        }

        if (obj.TextOrEmpty("source", "component").Length > 0 || obj.TextOrEmpty("source", "host").Length > 0)
        {
            errors.Invalid("source", "", "needs to be unset");
        }
    }

    public static void Update(KindDefinition requested, JsonObject obj, JsonObject old, FieldErrors errors)
    {
        if (requested.Group.Length == 0)
        {
            Common(requested, obj, errors);
            return;
        }

        if (!obj["series"].SameAs(old["series"]))
        {
            Series(obj, errors);
        }

        foreach (string name in FixedFields)
        {
            errors.Unchanged(obj[name], old[name], name == "reportingComponent" ? "reportingController" : name);
        }
    }

    private static void Common(KindDefinition requested, JsonObject obj, FieldErrors errors)
    {
        string ns = obj.TextOrEmpty("metadata", "namespace");
        string about = obj.TextOrEmpty("involvedObject", "namespace");
        bool isNew = obj.Has("eventTime");
        bool fits = about.Length > 0 ? isNew || about == ns : ns is "default" || (isNew && ns == "kube-system");
        if (!fits)
        {
            errors.Invalid("involvedObject.namespace", about, "does not match event.namespace");
        }

        if (isNew)
        {
            Report(requested, obj, errors);
        }
    }

    private static void Report(KindDefinition requested, JsonObject obj, FieldErrors errors)
    {
        FieldPath field = requested.Group.Length == 0 ? "reportingComponent" : "reportingController";
        string controller = obj.TextOrEmpty("reportingComponent");
        if (controller.Length == 0)
        {
            errors.Required(field);
        }

        errors.Format(controller, field, Formats.QualifiedName);
        foreach (string name in (ReadOnlySpan<string>)["reportingInstance", "action", "reason"])
        {
            string value = obj.TextOrEmpty(name);
            if (value.Length == 0)
            {
                errors.Required(name);
            }

            Limit(name, value, TextLimit, errors);
        }

        Limit("message", obj.TextOrEmpty("message"), NoteLimit, errors);
    }

    private static void Limit(string name, string value, int limit, FieldErrors errors)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(value) > limit)
        {
            errors.Invalid(name, "", $"can have at most {limit} characters");
        }
    }

    private static void Series(JsonObject obj, FieldErrors errors)
    {
        if (obj.Object("series") is not { } series)
        {
            return;
        }

        if ((series.Integer("count") ?? 0) < 2)
        {
            errors.Invalid("series.count", "", "should be at least 2");
        }

        if (!series.Has("lastObservedTime"))
        {
            errors.Required("series.lastObservedTime");
        }
    }
}
