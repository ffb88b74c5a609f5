using System.Globalization;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Audit;
using MiniPlane.ApiServer.Bodies;
using MiniPlane.ApiServer.Registry;
using MiniPlane.ApiServer.Requests;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Handlers;

/// <summary>meta.v1.DeleteOptions, from the body or from query parameters.</summary>
internal sealed record DeleteOptions(DeleteQuery Query, WriteScope Scope, bool? OrphanDependents)
{
    public static async ValueTask<DeleteOptions> ReadAsync(ApiRequest request)
    {
        DecodedBody body = await BodyReader.ReadAsync(request.Http.Request, "DeleteOptions", request.Cancelled);
        JsonObject options = body.Json as JsonObject ?? FromQuery(request);
        var errors = new FieldErrors();
        string[] dryRun = [.. options.Texts("dryRun"), .. request.Http.Request.Query["dryRun"].OfType<string>()];
        bool isDryRun = WriteOptions.DryRun(dryRun, errors);
        string? propagation = options.Text("propagationPolicy");
        bool? orphan = options.Flag("orphanDependents");
        if (propagation is not (null or "Foreground" or "Background" or "Orphan"))
        {
            errors.NotSupported("propagationPolicy", propagation, ["Foreground", "Background", "Orphan", "nil"]);
        }

        if (propagation is not null && orphan is not null)
        {
            errors.Invalid("propagationPolicy", propagation, "orphanDependents and deletionPropagation cannot be both set");
        }

        if (!errors.IsEmpty)
        {
            throw ApiErrors.InvalidOptions("DeleteOptions", errors);
        }

        var query = new DeleteQuery
        {
            GracePeriodSeconds = options.Integer("gracePeriodSeconds"),
            Uid = options.Text("preconditions", "uid"),
            Revision = Revision(options.Text("preconditions", "resourceVersion")),
            PropagationPolicy = propagation ?? orphan switch { true => "Orphan", false => "Background", null => null },
        };
        var scope = new WriteScope
        {
            User = request.User,
            DryRun = isDryRun,
            Options = options,
            Warnings = request.Warnings,
            AuditAnnotations = AuditLog.Of(request.Http)?.Annotations,
        };
        return new DeleteOptions(query, scope, orphan);
    }

    // A resourceVersion that is no number can match nothing.
    private static long? Revision(string? text) => text is null or "" ? null
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long revision) ? revision : -1;

    private static JsonObject FromQuery(ApiRequest request)
    {
        var options = new JsonObject { ["kind"] = "DeleteOptions", ["apiVersion"] = "meta.k8s.io/v1" };
        if (request.Query("gracePeriodSeconds") is { Length: > 0 } grace)
        {
            options["gracePeriodSeconds"] = long.TryParse(grace, CultureInfo.InvariantCulture, out long seconds)
                ? seconds
                : throw ApiErrors.BadRequest($"strconv.ParseInt: parsing \"{grace}\": invalid syntax");
        }

        if (request.Query("propagationPolicy") is { Length: > 0 } propagation)
        {
            options["propagationPolicy"] = propagation;
        }

        if (request.Query("orphanDependents") is { Length: > 0 } orphan)
        {
            options["orphanDependents"] = QueryFlags.IsTrue(orphan);
        }

        return options;
    }
}
