using MiniPlane.ApiServer.Identity;
using MiniPlane.Objects.Documents;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Authorization.Rbac;

/// <summary>The rules that hold for a user: cluster-wide ones, and those of one namespace.</summary>
internal sealed class RbacRules(IRevisionStore store)
{
    public const string ClusterRoles = "clusterroles.rbac.authorization.k8s.io";
    public const string ClusterRoleBindings = "clusterrolebindings.rbac.authorization.k8s.io";
    public const string Roles = "roles.rbac.authorization.k8s.io";
    public const string RoleBindings = "rolebindings.rbac.authorization.k8s.io";

    /// <summary>In no particular order; <paramref name="ns"/> may be empty.</summary>
    public IEnumerable<GrantedRule> For(UserInfo user, string ns)
    {
        foreach (ObjectDocument document in store.Read(ClusterRoleBindings).Range(null, null))
        {
            foreach (GrantedRule rule in Granted(document, user))
            {
                yield return rule;
            }
        }

        if (ns.Length == 0)
        {
            yield break;
        }

        foreach (ObjectDocument document in store.Read(RoleBindings).Range(ns, null))
        {
            foreach (GrantedRule rule in Granted(document, user))
            {
                yield return rule;
            }
        }
    }

    /// <summary>The rules of the role that a binding refers to; none when the role is missing.</summary>
    public IReadOnlyList<PolicyRule> RulesOf(BindingView.RoleReference role, string ns)
    {
        StoreKey key = role.Kind == "Role"
            ? new StoreKey(Roles, new ObjectKey(ns, role.Name))
            : new StoreKey(ClusterRoles, ObjectKey.Cluster(role.Name));
        return store.Find(key)?.As(RbacJson.Default.RoleView).Rules ?? [];
    }

    private IEnumerable<GrantedRule> Granted(ObjectDocument document, UserInfo user)
    {
        BindingView binding = document.As(RbacJson.Default.BindingView);
        string ns = document.Metadata.Namespace;
        if (binding.SubjectOf(user, ns) is not { } subject)
        {
            yield break;
        }

        string origin = ns.Length == 0
            ? $"ClusterRoleBinding \"{document.Metadata.Name}\" of ClusterRole \"{binding.RoleRef.Name}\" to {subject}"
            : $"RoleBinding \"{document.Metadata.Name}/{ns}\" of {binding.RoleRef.Kind} \"{binding.RoleRef.Name}\" to {subject}";
        foreach (PolicyRule rule in RulesOf(binding.RoleRef, ns))
        {
            yield return new GrantedRule(rule, origin);
        }
    }
}
