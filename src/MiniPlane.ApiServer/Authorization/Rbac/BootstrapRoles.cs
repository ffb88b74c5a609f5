using System.Text.Json.Nodes;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Authorization.Rbac;

/// <summary>
/// The roles and bindings every cluster has (plugin/pkg/auth/authorizer/rbac/bootstrappolicy): the administrator, the three
/// user-facing roles, and what everyone may see of the API itself.
/// </summary>
internal static class BootstrapRoles
{
    public const string ReadOnly = "get,list,watch";
    private const string Write = "create,delete,deletecollection,patch,update";
    private const string CoreWorkloads =
        "configmaps,events,persistentvolumeclaims,replicationcontrollers,replicationcontrollers/scale,secrets,serviceaccounts,services,services/proxy";

    private const string AppsWorkloads =
        "daemonsets,deployments,deployments/rollback,deployments/scale,replicasets,replicasets/scale,statefulsets,statefulsets/scale";

    public static IEnumerable<JsonObject> ClusterRoles() =>
    [
        Role("cluster-admin", "", Rule("*", "*", "*"), Urls("*", "*")),
        Role(
            "system:discovery", "", Urls("get", "/api,/api/*,/apis,/apis/*,/healthz,/livez,/openapi,/openapi/*,/readyz,/version,/version/")),
        Role("system:public-info-viewer", "", Urls("get", "/healthz,/livez,/readyz,/version,/version/")),
        Role(
            "system:basic-user",
            "",
            Rule("create", "authorization.k8s.io", "selfsubjectaccessreviews,selfsubjectrulesreviews"),
            Rule("create", "authentication.k8s.io", "selfsubjectreviews")),
        Role("system:monitoring", "", Urls("get", "/healthz,/healthz/*,/livez,/livez/*,/metrics,/metrics/slis,/readyz,/readyz/*")),
        Role(
            "system:service-account-issuer-discovery", "", Urls("get", "/.well-known/openid-configuration,/openid/v1/jwks,/openid/v1/jwks/")),
        Role(
            "system:auth-delegator",
            "",
            Rule("create", "authentication.k8s.io", "tokenreviews"),
            Rule("create", "authorization.k8s.io", "subjectaccessreviews")),
        Aggregated("admin", "", "admin"),
        Aggregated("edit", "admin", "edit"),
        Aggregated("view", "edit", "view"),
        Role("system:aggregate-to-admin", "admin", Admin()),
        Role("system:aggregate-to-edit", "edit", Edit()),
        Role("system:aggregate-to-view", "view", View()),
        .. SystemRoles.All(),
    ];

    public static IEnumerable<JsonObject> ClusterRoleBindings() =>
    [
        Binding("cluster-admin", "system:masters"),
        Binding("system:discovery", "system:authenticated"),
        Binding("system:basic-user", "system:authenticated"),
        Binding("system:public-info-viewer", "system:authenticated", "system:unauthenticated"),
        Binding("system:monitoring", "system:monitoring"),
        Binding("system:service-account-issuer-discovery", "system:serviceaccounts"),
    ];

    private static JsonObject[] Admin() =>
    [
        Rule("create", "authorization.k8s.io", "localsubjectaccessreviews"),
        Rule($"{Write},{ReadOnly}", "rbac.authorization.k8s.io", "rolebindings,roles"),
    ];

    private static JsonObject[] Edit() =>
    [
        Rule(ReadOnly, "", "pods/attach,pods/exec,pods/portforward,pods/proxy,secrets,services/proxy"),
        Rule("impersonate", "", "serviceaccounts"),
        Rule(Write, "", "pods,pods/attach,pods/exec,pods/portforward,pods/proxy"),
        Rule("create", "", "pods/eviction"),
        Rule(Write, "", CoreWorkloads),
        Rule("create", "", "serviceaccounts/token"),
        Rule(Write, "apps", AppsWorkloads),
        Rule(Write, "autoscaling", "horizontalpodautoscalers"),
        Rule(Write, "batch", "cronjobs,jobs"),
        Rule(Write, "policy", "poddisruptionbudgets"),
        Rule(Write, "networking.k8s.io", "ingresses,networkpolicies"),
        Rule($"{Write},{ReadOnly}", "coordination.k8s.io", "leases"),
        Rule(Write, "resource.k8s.io", "resourceclaims,resourceclaimtemplates"),
    ];

    private static JsonObject[] View() =>
    [
        Rule(
            ReadOnly,
            "",
            "configmaps,endpoints,persistentvolumeclaims,persistentvolumeclaims/status,pods,replicationcontrollers,"
            + "replicationcontrollers/scale,serviceaccounts,services,services/status"),
        Rule(
            ReadOnly,
            "",
            "bindings,events,limitranges,namespaces/status,pods/log,pods/status,replicationcontrollers/status,"
            + "resourcequotas,resourcequotas/status"),
        Rule(ReadOnly, "", "namespaces"),
        Rule(ReadOnly, "discovery.k8s.io", "endpointslices"),
        Rule(
            ReadOnly,
            "apps",
            "controllerrevisions,daemonsets,daemonsets/status,deployments,deployments/scale,deployments/status,replicasets,"
            + "replicasets/scale,replicasets/status,statefulsets,statefulsets/scale,statefulsets/status"),
        Rule(ReadOnly, "autoscaling", "horizontalpodautoscalers,horizontalpodautoscalers/status"),
        Rule(ReadOnly, "batch", "cronjobs,cronjobs/status,jobs,jobs/status"),
        Rule(ReadOnly, "policy", "poddisruptionbudgets,poddisruptionbudgets/status"),
        Rule(ReadOnly, "networking.k8s.io", "ingresses,ingresses/status,networkpolicies"),
        Rule(ReadOnly, "resource.k8s.io", "resourceclaims,resourceclaims/status,resourceclaimtemplates"),
    ];

    public static JsonObject Role(string name, string aggregatesTo, params JsonObject[] rules)
    {
        JsonObject role = Named("ClusterRole", name);
        Label(role, aggregatesTo);
        role["rules"] = new JsonArray([.. rules]);
        return role;
    }

    private static JsonObject Aggregated(string name, string aggregatesTo, string label)
    {
        JsonObject role = Named("ClusterRole", name);
        Label(role, aggregatesTo);
        role["aggregationRule"] = new JsonObject
        {
            ["clusterRoleSelectors"] = new JsonArray(new JsonObject
            {
                ["matchLabels"] = new JsonObject { [$"rbac.authorization.k8s.io/aggregate-to-{label}"] = "true" },
            }),
        };
        return role;
    }

    private static void Label(JsonObject role, string aggregatesTo)
    {
        if (aggregatesTo.Length > 0)
        {
            role.Ensure("metadata", "labels")[$"rbac.authorization.k8s.io/aggregate-to-{aggregatesTo}"] = "true";
        }
    }

    private static JsonObject Binding(string role, params string[] groups)
    {
        JsonObject binding = Named("ClusterRoleBinding", role);
        binding["roleRef"] = new JsonObject
        {
            ["apiGroup"] = "rbac.authorization.k8s.io",
            ["kind"] = "ClusterRole",
            ["name"] = role,
        };
        binding["subjects"] = new JsonArray([.. groups.Select(group => new JsonObject
        {
            ["apiGroup"] = "rbac.authorization.k8s.io",
            ["kind"] = "Group",
            ["name"] = group,
        })]);
        return binding;
    }

    private static JsonObject Named(string kind, string name) => new()
    {
        ["kind"] = kind,
        ["apiVersion"] = "rbac.authorization.k8s.io/v1",
        ["metadata"] = new JsonObject
        {
            ["name"] = name,
            ["annotations"] = new JsonObject { ["rbac.authorization.kubernetes.io/autoupdate"] = "true" },
            ["labels"] = new JsonObject { ["kubernetes.io/bootstrapping"] = "rbac-defaults" },
        },
    };

    public static JsonObject Rule(string verbs, string groups, string resources) => new()
    {
        ["verbs"] = List(verbs),
        ["apiGroups"] = List(groups),
        ["resources"] = List(resources),
    };

    public static JsonObject Urls(string verbs, string urls) => new()
    {
        ["verbs"] = List(verbs),
        ["nonResourceURLs"] = List(urls),
    };

    private static JsonArray List(string texts) => new([.. texts.Split(',').Select(text => JsonValue.Create(text))]);
}
