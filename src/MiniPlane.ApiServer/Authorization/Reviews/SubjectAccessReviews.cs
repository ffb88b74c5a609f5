using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Authorization.Reviews;

/// <summary>May someone else do this? Cluster-wide, and the local form for one namespace.</summary>
internal sealed class SubjectAccessReviews(IAuthorizer authorizer) : IVirtualKind
{
    public bool Handles(KindDefinition kind) =>
        kind is { Group: "authorization.k8s.io", Kind: "SubjectAccessReview" or "LocalSubjectAccessReview" };

    public async ValueTask<JsonObject> CreateAsync(JsonObject body, WriteScope scope, CancellationToken cancellationToken)
    {
        string kind = body.TextOrEmpty("kind");
        string name = body.TextOrEmpty("spec", "user");
        string[] groups = [.. body.Texts("spec", "groups")];
        if (name.Length == 0 && groups.Length == 0)
        {
            var errors = new FieldErrors();
            errors.Invalid("spec.user", "", "at least one of user or group must be specified");
            throw ApiErrors.InvalidReview(kind, errors);
        }

        var user = new UserInfo { Name = name, Groups = groups, Uid = body.TextOrEmpty("spec", "uid") };
        AccessAttributes attributes = ReviewedAccess.Read(body, kind, user);
        if (kind == "LocalSubjectAccessReview" && attributes.Namespace != body.TextOrEmpty("metadata", "namespace"))
        {
            throw ApiErrors.BadRequest($"spec.resourceAttributes.namespace must match namespace: {body.TextOrEmpty("metadata", "namespace")}");
        }

        return ReviewedAccess.Answer(body, await authorizer.DecideAsync(attributes, cancellationToken));
    }
}
