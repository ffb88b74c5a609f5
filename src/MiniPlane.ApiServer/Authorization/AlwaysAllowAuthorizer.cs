using MiniPlane.ApiServer.Identity;

namespace MiniPlane.ApiServer.Authorization;

/// <summary>Lets everyone do everything who has shown who they are; the others see what they also see under RBAC.</summary>
internal sealed class AlwaysAllowAuthorizer : IAuthorizer
{
    public ValueTask<AccessDecision> DecideAsync(AccessAttributes attributes, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new AccessDecision(
            !IsNobody(attributes.User) || PublicPaths.IsPublic(attributes), ""));

    // Whoever a review asks about is not there to show who they are; no name but that of nobody is refused.
    private static bool IsNobody(UserInfo user) => user.Name == UserInfo.Anonymous.Name || user.IsIn(UserInfo.UnauthenticatedGroup);
}
