using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Identity;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Authorization.Reviews;

/// <summary>Reads the question of an access review and writes its answer.</summary>
internal static class ReviewedAccess
{
    /// <summary>The question in <c>spec</c>; throws Invalid when it does not ask exactly one thing.</summary>
    public static AccessAttributes Read(JsonObject body, string kind, UserInfo user)
    {
        JsonObject spec = body.Object("spec") ?? [];
        JsonObject? resource = spec.Object("resourceAttributes");
        JsonObject? path = spec.Object("nonResourceAttributes");
        if ((resource is null) == (path is null))
        {
            var errors = new FieldErrors();
            errors.Invalid(
                resource is null ? "spec.resourceAttributes" : "spec.nonResourceAttributes",
                (JsonNode?)(resource is null ? null : path),
                resource is null
                    ? "exactly one of nonResourceAttributes or resourceAttributes must be specified"
                    : "cannot be specified in combination with resourceAttributes");
            throw ApiErrors.InvalidReview(kind, errors);
        }

        return path is not null
            ? new AccessAttributes { User = user, Verb = path.TextOrEmpty("verb"), Path = path.TextOrEmpty("path") }
            : new AccessAttributes
            {
                User = user,
                Verb = resource.TextOrEmpty("verb"),
                IsResource = true,
                Group = resource.TextOrEmpty("group"),
                Version = resource.TextOrEmpty("version"),
                Resource = resource.TextOrEmpty("resource"),
                Subresource = resource.TextOrEmpty("subresource"),
                Namespace = resource.TextOrEmpty("namespace"),
                Name = resource.TextOrEmpty("name"),
            };
    }

    public static JsonObject Answer(JsonObject body, AccessDecision decision)
    {
        var status = new JsonObject { ["allowed"] = decision.IsAllowed };
        if (decision.Reason.Length > 0)
        {
            status["reason"] = decision.Reason;
        }

        body["status"] = status;
        return body;
    }
}
