using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Cluster;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Loops;

namespace MiniPlane.ApiServer.FlowControl;

/// <summary>
/// Stores the flow schemas and priority levels that every cluster has (k8s.io/apiserver/pkg/apis/flowcontrol/bootstrap), and puts
/// the two mandatory ones back when someone deletes them.
/// </summary>
internal sealed class FlowBootstrap(IClusterClient cluster, ILogger<FlowBootstrap> logger, TimeProvider time) : BackgroundLoop(logger, time)
{
    private const string ApiVersion = "flowcontrol.apiserver.k8s.io/v1";
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private static readonly (string Name, int Shares, int Lendable, int HandSize)[] Levels =
    [
        ("catch-all", 5, 0, 0), ("system", 30, 33, 6), ("node-high", 40, 25, 6), ("leader-election", 10, 0, 4),
        ("workload-high", 40, 50, 6), ("workload-low", 100, 90, 6), ("global-default", 20, 50, 6),
    ];

    private static readonly (string Name, int Precedence, string Level, string Method, string[] Groups)[] Schemas =
    [
        ("exempt", 1, "exempt", "", ["system:masters"]),
        ("system-nodes", 500, "system", "ByUser", ["system:nodes"]),
        ("kube-system-service-accounts", 900, "workload-high", "ByNamespace", ["system:serviceaccounts:kube-system"]),
        ("service-accounts", 9000, "workload-low", "ByUser", ["system:serviceaccounts"]),
        ("global-default", 9900, "global-default", "ByUser", ["system:unauthenticated", "system:authenticated"]),
        ("catch-all", 10000, "catch-all", "ByUser", ["system:unauthenticated", "system:authenticated"]),
    ];

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        await EnsureAsync(BuiltInKinds.PriorityLevelConfiguration, "exempt", Exempt(), cancellationToken);
        foreach ((string name, int shares, int lendable, int hand) in Levels)
        {
            await EnsureAsync(BuiltInKinds.PriorityLevelConfiguration, name, Limited(shares, lendable, hand), cancellationToken);
        }

        foreach ((string name, int precedence, string level, string method, string[] groups) in Schemas)
        {
            await EnsureAsync(BuiltInKinds.FlowSchema, name, Schema(precedence, level, method, Rules(groups)), cancellationToken);
        }

        await EnsureAsync(BuiltInKinds.FlowSchema, "probes", Schema(2, "exempt", "", Probes()), cancellationToken);
        await EnsureAsync(
            BuiltInKinds.FlowSchema, "workload-leader-election", Schema(200, "leader-election", "ByUser", Leases()), cancellationToken);
        await Task.Delay(Interval, Time, cancellationToken);
    }

    private async Task EnsureAsync(KindDefinition kind, string name, JsonObject spec, CancellationToken cancellationToken)
    {
        if (await cluster.FindAsync(kind, ObjectKey.Cluster(name), cancellationToken) is not null)
        {
            return;
        }

        try
        {
            var body = new JsonObject
            {
                ["apiVersion"] = ApiVersion,
                ["kind"] = kind.Kind,
                ["metadata"] = new JsonObject
                {
                    ["name"] = name,
                    ["annotations"] = new JsonObject { ["apf.kubernetes.io/autoupdate-spec"] = "true" },
                },
                ["spec"] = spec,
            };
            await cluster.CreateAsync(kind, body, cancellationToken);
        }
        catch (ApiException error) when (error.Reason == "AlreadyExists")
        {
            // An administrator was faster.
        }
    }

    private static JsonObject Exempt() => new()
    {
        ["type"] = "Exempt",
        ["exempt"] = new JsonObject { ["nominalConcurrencyShares"] = 0, ["lendablePercent"] = 0 },
    };

    private static JsonObject Limited(int shares, int lendable, int hand) => new()
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
                    ["queuing"] = new JsonObject { ["queues"] = hand == 4 ? 16 : 64, ["handSize"] = hand, ["queueLengthLimit"] = 50 },
                },
        },
    };

    private static JsonObject Schema(int precedence, string level, string method, JsonArray rules)
    {
        var spec = new JsonObject
        {
            ["priorityLevelConfiguration"] = new JsonObject { ["name"] = level },
            ["matchingPrecedence"] = precedence,
            ["rules"] = rules,
        };
        if (method.Length > 0)
        {
            spec["distinguisherMethod"] = new JsonObject { ["type"] = method };
        }

        return spec;
    }

    private static JsonArray Rules(string[] groups) => new(new JsonObject
    {
        ["subjects"] = Subjects(groups),
        ["resourceRules"] = new JsonArray(Resources("*", "*", "*")),
        ["nonResourceRules"] = new JsonArray(Paths("*", "*")),
    });

    private static JsonArray Probes() => new(new JsonObject
    {
        ["subjects"] = Subjects("system:unauthenticated", "system:authenticated"),
        ["nonResourceRules"] = new JsonArray(Paths("get", "/healthz", "/readyz", "/livez")),
    });

    private static JsonArray Leases() => new(new JsonObject
    {
        ["subjects"] = Subjects("system:serviceaccounts"),
        ["resourceRules"] = new JsonArray(Resources("coordination.k8s.io", "leases", "get", "create", "update")),
    });

    private static JsonArray Subjects(params string[] groups) => new([.. groups.Select(group =>
        new JsonObject { ["kind"] = "Group", ["group"] = new JsonObject { ["name"] = group } })]);

    private static JsonObject Resources(string group, string resource, params string[] verbs) => new()
    {
        ["verbs"] = new JsonArray([.. verbs.Select(verb => JsonValue.Create(verb))]),
        ["apiGroups"] = new JsonArray(group),
        ["resources"] = new JsonArray(resource),
        ["clusterScope"] = true,
        ["namespaces"] = new JsonArray("*"),
    };

    private static JsonObject Paths(string verb, params string[] urls) => new()
    {
        ["verbs"] = new JsonArray(verb),
        ["nonResourceURLs"] = new JsonArray([.. urls.Select(url => JsonValue.Create(url))]),
    };
}
