using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Authorization.Rbac;
using MiniPlane.ApiServer.Identity;
using MiniPlane.ApiServer.Registry;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Authorization.Reviews;

/// <summary>What may I do in this namespace? (<c>kubectl auth can-i --list</c>)</summary>
internal sealed class SelfSubjectRulesReviews(RbacRules rules, ApiServerOptions options) : IVirtualKind
{
    private static readonly PolicyRule[] Everything =
    [
        new() { Verbs = ["*"], ApiGroups = ["*"], Resources = ["*"] },
        new() { Verbs = ["*"], NonResourceUrls = ["*"] },
    ];

    public bool Handles(KindDefinition kind) => kind is { Group: "authorization.k8s.io", Kind: "SelfSubjectRulesReview" };

    public ValueTask<JsonObject> CreateAsync(JsonObject body, WriteScope scope, CancellationToken cancellationToken)
    {
        string ns = body.TextOrEmpty("spec", "namespace");
        if (ns.Length == 0)
        {
            throw ApiErrors.BadRequest("no namespace on request");
        }

        bool isAllPowerful = scope.User.IsIn(UserInfo.MastersGroup) || options.AuthorizationMode == AuthorizationMode.AlwaysAllow;
        IEnumerable<PolicyRule> granted = rules.For(scope.User, ns).Select(rule => rule.Rule);
        var resourceRules = new JsonArray();
        var otherRules = new JsonArray();
        foreach (PolicyRule rule in isAllPowerful ? granted.Concat(Everything) : granted)
        {
            if (rule.Resources.Count > 0)
            {
                resourceRules.Add((JsonNode)ToJson(rule));
            }

            if (rule.NonResourceUrls.Count > 0)
            {
                otherRules.Add((JsonNode)new JsonObject { ["verbs"] = List(rule.Verbs), ["nonResourceURLs"] = List(rule.NonResourceUrls) });
            }
        }

        body["status"] = new JsonObject
        {
            ["resourceRules"] = resourceRules,
            ["nonResourceRules"] = otherRules,
            ["incomplete"] = false,
        };
        return ValueTask.FromResult(body);
    }

    private static JsonObject ToJson(PolicyRule rule)
    {
        var json = new JsonObject
        {
            ["verbs"] = List(rule.Verbs),
            ["apiGroups"] = List(rule.ApiGroups),
            ["resources"] = List(rule.Resources),
        };
        if (rule.ResourceNames.Count > 0)
        {
            json["resourceNames"] = List(rule.ResourceNames);
        }

        return json;
    }

    private static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
