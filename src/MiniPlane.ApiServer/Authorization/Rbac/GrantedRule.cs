namespace MiniPlane.ApiServer.Authorization.Rbac;

/// <summary>A rule that holds for a user, and by which binding, in upstream's words.</summary>
internal readonly record struct GrantedRule(PolicyRule Rule, string Origin);
