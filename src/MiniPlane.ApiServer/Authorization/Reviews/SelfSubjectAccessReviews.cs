using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.ApiServer.Authorization.Reviews;

/// <summary>May I do this? (<c>kubectl auth can-i</c>)</summary>
internal sealed class SelfSubjectAccessReviews(IAuthorizer authorizer) : IVirtualKind
{
    public bool Handles(KindDefinition kind) => kind is { Group: "authorization.k8s.io", Kind: "SelfSubjectAccessReview" };

    public async ValueTask<JsonObject> CreateAsync(JsonObject body, WriteScope scope, CancellationToken cancellationToken)
    {
        AccessAttributes attributes = ReviewedAccess.Read(body, "SelfSubjectAccessReview", scope.User);
        return ReviewedAccess.Answer(body, await authorizer.DecideAsync(attributes, cancellationToken));
    }
}
