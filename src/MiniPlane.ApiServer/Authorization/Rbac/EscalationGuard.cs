using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Admission;
using MiniPlane.ApiServer.Identity;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Authorization.Rbac;

/// <summary>
/// Nobody gives away by a role or binding what they do not have, unless they may <c>escalate</c> or <c>bind</c>
/// (pkg/registry/rbac, policybased storage).
/// </summary>
internal sealed class EscalationGuard(RbacRules rules, IAuthorizer authorizer, ApiServerOptions options) : IAdmissionPlugin
{
    private const string Group = "rbac.authorization.k8s.io";

    public string Name => "RBACEscalation";

    public async ValueTask ValidateAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Kind.Group != Group
            || request.Operation is not (AdmissionOperation.Create or AdmissionOperation.Update)
            || options.AuthorizationMode == AuthorizationMode.AlwaysAllow
            || request.User.IsIn(UserInfo.MastersGroup)
            || request.Object is not { } obj)
        {
            return;
        }

        if (request.Kind.Kind is "Role" or "ClusterRole")
        {
            await CheckRoleAsync(request, obj, cancellationToken);
        }
        else
        {
            await CheckBindingAsync(request, obj, cancellationToken);
        }
    }

    private async ValueTask CheckRoleAsync(AdmissionRequest request, JsonObject role, CancellationToken cancellationToken)
    {
        if (request.OldObject is { } old && role["rules"].SameAs(old["rules"]) && role["aggregationRule"].SameAs(old["aggregationRule"]))
        {
            return;
        }

        if (await MayAsync(request, "escalate", request.Kind.Plural, request.Key.Name, cancellationToken))
        {
            return;
        }

        // Who selects rules of other roles gets whatever those will say.
        PolicyRule[] wanted = role.Has("aggregationRule")
            ? [new PolicyRule { Verbs = ["*"], ApiGroups = ["*"], Resources = ["*"] }, new PolicyRule { Verbs = ["*"], NonResourceUrls = ["*"] }]
            : [.. role.Deserialize(RbacJson.Default.RoleView)?.Rules ?? []];
        Require(request, wanted);
    }

    private async ValueTask CheckBindingAsync(AdmissionRequest request, JsonObject binding, CancellationToken cancellationToken)
    {
        if (request.OldObject is { } old && binding["subjects"].SameAs(old["subjects"]) && binding["roleRef"].SameAs(old["roleRef"]))
        {
            return;
        }

        string kind = binding.TextOrEmpty("roleRef", "kind");
        string name = binding.TextOrEmpty("roleRef", "name");
        string resource = kind == "Role" ? "roles" : "clusterroles";
        if (!await MayAsync(request, "bind", resource, name, cancellationToken))
        {
            var role = new BindingView.RoleReference { Kind = kind, Name = name };
            Require(request, rules.RulesOf(role, request.Key.Namespace));
        }
    }

    private void Require(AdmissionRequest request, IReadOnlyList<PolicyRule> wanted)
    {
        PolicyRule[] owned = [.. rules.For(request.User, request.Key.Namespace).Select(granted => granted.Rule)];
        PolicyRule[] missing = [.. RuleCover.Missing(owned, wanted)];
        if (missing.Length == 0)
        {
            return;
        }

        string groups = string.Join(' ', request.User.Groups.Select(group => $"\"{group}\""));
        throw ApiErrors.Forbidden(
            Group,
            request.Kind.Plural,
            request.Key.Name,
            $"user \"{request.User.Name}\" (groups=[{groups}]) is attempting to grant RBAC permissions not currently held:\n"
            + string.Join('\n', missing.Select(Text)));
    }

    private async ValueTask<bool> MayAsync(
        AdmissionRequest request, string verb, string resource, string name, CancellationToken cancellationToken)
    {
        var attributes = new AccessAttributes
        {
            User = request.User,
            Verb = verb,
            IsResource = true,
            Group = Group,
            Resource = resource,
            Namespace = request.Key.Namespace,
            Name = name,
        };
        return (await authorizer.DecideAsync(attributes, cancellationToken)).IsAllowed;
    }

    private static string Text(PolicyRule rule)
    {
        string names = rule.ResourceNames.Count > 0 ? $", ResourceNames:{List(rule.ResourceNames)}" : "";
        return rule.NonResourceUrls.Count > 0
            ? $"{{NonResourceURLs:{List(rule.NonResourceUrls)}, Verbs:{List(rule.Verbs)}}}"
            : $"{{APIGroups:{List(rule.ApiGroups)}, Resources:{List(rule.Resources)}{names}, Verbs:{List(rule.Verbs)}}}";
    }

    private static string List(IEnumerable<string> texts) => $"[{string.Join(' ', texts.Select(text => $"\"{text}\""))}]";
}
