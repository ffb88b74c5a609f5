using MiniPlane.ApiServer.Identity;

namespace MiniPlane.ApiServer.Authorization;

/// <summary>Lets everyone do everything who has shown who they are; the others see what they also see under RBAC.</summary>
internal sealed class AlwaysAllowAuthorizer : IAuthorizer
{
    public ValueTask<AccessDecision> DecideAsync(AccessAttributes attributes, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new AccessDecision(
            attributes.User.IsIn(UserInfo.AuthenticatedGroup) || PublicPaths.IsPublic(attributes), ""));
}
