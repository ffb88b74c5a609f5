using MiniPlane.ApiServer.Identity;

namespace MiniPlane.ApiServer.Authorization.Rbac;

/// <summary>Roles and bindings decide; nothing is denied, only not allowed. <c>system:masters</c> may do everything.</summary>
internal sealed class RbacAuthorizer(RbacRules rules) : IAuthorizer
{
    public ValueTask<AccessDecision> DecideAsync(AccessAttributes attributes, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Decide(attributes));

    private AccessDecision Decide(AccessAttributes attributes)
    {
        // Health and version are read before the bootstrap roles are stored, too.
        if (attributes.User.IsIn(UserInfo.MastersGroup) || PublicPaths.IsPublic(attributes))
        {
            return new AccessDecision(true, "");
        }

        foreach (GrantedRule granted in rules.For(attributes.User, attributes.IsResource ? attributes.Namespace : ""))
        {
            if (granted.Rule.Allows(attributes))
            {
                return new AccessDecision(true, $"RBAC: allowed by {granted.Origin}");
            }
        }

        return new AccessDecision(false, "");
    }
}
