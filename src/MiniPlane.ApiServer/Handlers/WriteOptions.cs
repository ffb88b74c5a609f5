using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;
using MiniPlane.ApiServer.Audit;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>The query parameters of writes: dryRun, fieldManager, fieldValidation, force (meta.v1 CreateOptions and so on).</summary>
internal static class WriteOptions
{
    private const int MaxManagerLength = 128;

    public static WriteScope Scope(ApiRequest request, string optionsKind, DecodedBody body)
    {
        var errors = new FieldErrors();
        StringValues dryRun = request.Http.Request.Query["dryRun"];
        bool isDryRun = dryRun.Count > 0 && DryRun([.. dryRun.OfType<string>()], errors);
        FieldValidation validation = Validation(request, errors);
        string manager = request.Query("fieldManager");
        if (manager.Length > MaxManagerLength)
        {
            errors.TooLong("fieldManager", MaxManagerLength);
        }

        if (manager.Length > 0 && manager.Any(char.IsControl))
        {
            errors.Invalid("fieldManager", manager, "should only contain printable characters");
        }

        if (!errors.IsEmpty)
        {
            throw ApiErrors.InvalidOptions(optionsKind, errors);
        }

        return new WriteScope
        {
            User = request.User,
            DryRun = isDryRun,
            FieldManager = manager.Length > 0 ? manager : DefaultManager(request),
            Force = request.Http.Request.Query.IsTrue("force"),
            Validation = validation,
            DuplicateFields = body.DuplicateFields,
            Options = Options(optionsKind, isDryRun, manager, request.Query("fieldValidation")),
            Warnings = request.Warnings,
            AuditAnnotations = AuditLog.Of(request.Http)?.Annotations,
        };
    }

    /// <summary>The only stage that can be left out is all of them.</summary>
    public static bool DryRun(string[] values, FieldErrors errors)
    {
        values = [.. values.Where(value => value.Length > 0)];
        if (Array.Exists(values, value => value != "All"))
        {
            string shown = string.Join(",", values.Select(value => $"\"{value}\""));
            errors.Add("FieldValueNotSupported", $"Unsupported value: [{shown}]: supported values: \"All\"", "dryRun");
        }

        return values.Length > 0;
    }

    private static FieldValidation Validation(ApiRequest request, FieldErrors errors)
    {
        string text = request.Query("fieldValidation");
        switch (text)
        {
            case "Strict":
                return FieldValidation.Strict;
            case "Ignore":
                return FieldValidation.Ignore;
            case "" or "Warn":
                return FieldValidation.Warn;
            default:
                errors.NotSupported("fieldValidation", text, ["", "Ignore", "Strict", "Warn"]);
                return FieldValidation.Warn;
        }
    }

    // Upstream takes the first word of the user agent, up to a slash.
    private static string DefaultManager(ApiRequest request)
    {
        string agent = request.Http.Request.Headers.UserAgent.ToString();
        int slash = agent.IndexOf('/', StringComparison.Ordinal);
        string manager = slash < 0 ? agent : agent[..slash];
        return manager.Length > MaxManagerLength ? manager[..MaxManagerLength] : manager;
    }

    private static JsonObject Options(string kind, bool isDryRun, string manager, string validation)
    {
        var options = new JsonObject { ["kind"] = kind, ["apiVersion"] = "meta.k8s.io/v1" };
        if (isDryRun)
        {
            options["dryRun"] = new JsonArray("All");
        }

        if (manager.Length > 0)
        {
            options["fieldManager"] = manager;
        }

        if (validation.Length > 0)
        {
            options["fieldValidation"] = validation;
        }

        return options;
    }
}
