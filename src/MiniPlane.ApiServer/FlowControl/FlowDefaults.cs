using System.Text.Json.Nodes;

namespace MiniPlane.ApiServer.FlowControl;

/// <summary>The priority levels and flow schemas that every cluster has, as data (k8s.io/apiserver/pkg/apis/flowcontrol/bootstrap).</summary>
internal static class FlowDefaults
{
    private static readonly string[] All = ["*"];
    private static readonly string[] LeaseVerbs = ["get", "create", "update"];

    public static IEnumerable<(string Name, JsonObject Spec)> Levels =>
    [
        ("exempt", Exempt()),
        ("catch-all", Limited(5, 0, 0, 0)),
        ("system", Limited(30, 33, 64, 6)),
        ("node-high", Limited(40, 25, 64, 6)),
        ("leader-election", Limited(10, 0, 16, 4)),
        ("workload-high", Limited(40, 50, 128, 6)),
        ("workload-low", Limited(100, 90, 128, 6)),
        ("global-default", Limited(20, 50, 128, 6)),
    ];

    public static IEnumerable<(string Name, JsonObject Spec)> Schemas =>
    [
        ("exempt", Schema(1, "exempt", "", Everything(Group("system:masters")))),
        ("probes", Schema(2, "exempt", "", Rule(
            [.. Everyone()], "nonResourceRules", Paths("get", "/healthz", "/readyz", "/livez")))),
        ("system-leader-election", Schema(100, "leader-election", "ByUser", Rule(
            [User("system:kube-controller-manager"), User("system:kube-scheduler"), SystemAccount("*")], "resourceRules", Leases()))),
        ("endpoint-controller", Schema(150, "workload-high", "ByUser", Rule(
            [User("system:kube-controller-manager"), SystemAccount("endpoint-controller"), SystemAccount("endpointslicemirroring-controller")],
            "resourceRules",
            Resources(LeaseVerbs, "", ["endpoints"], isClusterScope: false)))),
        ("workload-leader-election", Schema(200, "leader-election", "ByUser", Rule([SystemAccount("*")], "resourceRules", Leases()))),
        ("system-node-high", Schema(400, "node-high", "ByUser", Rule(
            [Group("system:nodes")],
            "resourceRules",
            Resources(All, "", ["nodes", "nodes/status"], isClusterScope: true),
            Resources(All, "coordination.k8s.io", ["leases"], isClusterScope: false)))),
        ("system-nodes", Schema(500, "system", "ByUser", Everything(Group("system:nodes")))),
        ("kube-controller-manager", Schema(800, "workload-high", "ByNamespace", Everything(User("system:kube-controller-manager")))),
        ("kube-scheduler", Schema(800, "workload-high", "ByNamespace", Everything(User("system:kube-scheduler")))),
        ("kube-system-service-accounts", Schema(900, "workload-high", "ByNamespace", Everything(SystemAccount("*")))),
        ("service-accounts", Schema(9000, "workload-low", "ByUser", Everything(Group("system:serviceaccounts")))),
        ("global-default", Schema(9900, "global-default", "ByUser", Everything([.. Everyone()]))),
        ("catch-all", Schema(10000, "catch-all", "ByUser", Everything([.. Everyone()]))),
    ];

    private static JsonObject Exempt() => new()
    {
        ["type"] = "Exempt",
        ["exempt"] = new JsonObject { ["nominalConcurrencyShares"] = 0, ["lendablePercent"] = 0 },
    };

    private static JsonObject Limited(int shares, int lendable, int queues, int hand) => new()
    {
        ["type"] = "Limited",
        ["limited"] = new JsonObject
        {
            ["nominalConcurrencyShares"] = shares,
            ["lendablePercent"] = lendable,
            ["limitResponse"] = hand == 0
                ? new JsonObject { ["type"] = "Reject" }
                : new JsonObject
                {
                    ["type"] = "Queue",
                    ["queuing"] = new JsonObject { ["queues"] = queues, ["handSize"] = hand, ["queueLengthLimit"] = 50 },
                },
        },
    };

    private static JsonObject Schema(int precedence, string level, string method, JsonObject rule)
    {
        var spec = new JsonObject
        {
            ["priorityLevelConfiguration"] = new JsonObject { ["name"] = level },
            ["matchingPrecedence"] = precedence,
            ["rules"] = new JsonArray(rule),
        };
        if (method.Length > 0)
        {
            spec["distinguisherMethod"] = new JsonObject { ["type"] = method };
        }

        return spec;
    }

    private static JsonObject Everything(params JsonObject[] subjects)
    {
        JsonObject rule = Rule(subjects, "resourceRules", Resources(All, "*", All, isClusterScope: true));
        rule["nonResourceRules"] = new JsonArray(Paths("*", "*"));
        return rule;
    }

    private static JsonObject Rule(JsonObject[] subjects, string list, params JsonObject[] rules) => new()
    {
        ["subjects"] = new JsonArray([.. subjects]),
        [list] = new JsonArray([.. rules]),
    };

    private static JsonObject Leases() => Resources(LeaseVerbs, "coordination.k8s.io", ["leases"], isClusterScope: false);

    private static IEnumerable<JsonObject> Everyone() => [Group("system:unauthenticated"), Group("system:authenticated")];

    private static JsonObject Group(string name) => new() { ["kind"] = "Group", ["group"] = new JsonObject { ["name"] = name } };

    private static JsonObject User(string name) => new() { ["kind"] = "User", ["user"] = new JsonObject { ["name"] = name } };

    private static JsonObject SystemAccount(string name) => new()
    {
        ["kind"] = "ServiceAccount",
        ["serviceAccount"] = new JsonObject { ["name"] = name, ["namespace"] = "kube-system" },
    };

    private static JsonObject Resources(string[] verbs, string group, string[] resources, bool isClusterScope)
    {
        var rule = new JsonObject
        {
            ["verbs"] = Texts(verbs),
            ["apiGroups"] = Texts([group]),
            ["resources"] = Texts(resources),
            ["namespaces"] = Texts(All),
        };
        if (isClusterScope)
        {
            rule["clusterScope"] = true;
        }

        return rule;
    }

    private static JsonObject Paths(string verb, params string[] urls) => new() { ["verbs"] = Texts([verb]), ["nonResourceURLs"] = Texts(urls) };

    private static JsonArray Texts(string[] texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
