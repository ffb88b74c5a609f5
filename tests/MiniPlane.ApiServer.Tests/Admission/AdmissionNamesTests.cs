using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer.Admission;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Admission;

public sealed class AdmissionNamesTests
{
    // All that kube-apiserver 1.36 takes.
    private static readonly string[] Upstream =
    [
        "AlwaysAdmit", "AlwaysDeny", "AlwaysPullImages", "CertificateApproval", "CertificateSigning", "CertificateSubjectRestriction",
        "ClusterTrustBundleAttest", "DefaultIngressClass", "DefaultStorageClass", "DefaultTolerationSeconds", "DenyServiceExternalIPs",
        "EventRateLimit", "ExtendedResourceToleration", "ImagePolicyWebhook", "LimitPodHardAntiAffinityTopology", "LimitRanger",
        "MutatingAdmissionPolicy", "MutatingAdmissionWebhook", "NamespaceAutoProvision", "NamespaceExists", "NamespaceLifecycle",
        "NodeDeclaredFeatureValidator", "NodeRestriction", "OwnerReferencesPermissionEnforcement", "PersistentVolumeClaimResize",
        "PodNodeSelector", "PodSecurity", "PodTolerationRestriction", "PodTopologyLabels", "Priority", "ResourceQuota", "RuntimeClass",
        "ServiceAccount", "StorageObjectInUseProtection", "TaintNodesByCondition", "ValidatingAdmissionPolicy", "ValidatingAdmissionWebhook",
    ];

    [Fact]
    public async Task Every_name_has_an_effect_or_a_reason_why_not()
    {
        await using TestApiServer server = await TestApiServer.StartAsync(options => options with
        {
            EnabledAdmission = new HashSet<string>(StringComparer.Ordinal) { "ExtendedResourceToleration", "LimitPodHardAntiAffinityTopology", "EventRateLimit",
                "NamespaceAutoProvision", "NamespaceExists", "PodNodeSelector", "PodTolerationRestriction" },
            DisabledAdmission = new HashSet<string>(StringComparer.Ordinal) { "ServiceAccount" },
        });
        string[] plugins = [.. server.Services.GetServices<IAdmissionPlugin>().Select(plugin => plugin.Name)];

        Assert.Empty(Upstream.Except(plugins.Concat(AdmissionNames.WithoutEffect.Keys), StringComparer.Ordinal));
        Assert.Empty(plugins.Intersect(AdmissionNames.WithoutEffect.Keys, StringComparer.Ordinal));
        await TolerationsAsync(server);
        await AntiAffinityAsync(server);
        await NamespacesAsync(server);
    }

    [Fact]
    public void What_does_nothing_is_told_with_its_flag_and_reason()
    {
        var options = new ApiServerOptions
        {
            DataDirectory = "/nowhere",
            EnabledAdmission = new HashSet<string>(StringComparer.Ordinal) { "AlwaysPullImages", "EventRateLimit" },
            DisabledAdmission = new HashSet<string>(StringComparer.Ordinal) { "NodeRestriction" },
        };

        (string Flag, string Name, string Reason)[] idle = [.. AdmissionNames.Idle(options)];

        Assert.Equal([("enable-admission", "EventRateLimit"), ("disable-admission", "NodeRestriction")], idle.Select(one => (one.Flag, one.Name)));
        Assert.All(idle, one => Assert.NotEmpty(one.Reason));
    }

    // A namespace that nobody made, with what it says of its pods.
    private static async Task NamespacesAsync(TestApiServer server)
    {
        const string path = "/api/v1/namespaces/fenced/pods?dryRun=All";
        Answer first = await server.PostAsync("/api/v1/namespaces/fenced/configmaps", """{"metadata":{"name":"a"}}""");
        Answer dry = await server.PostAsync("/api/v1/namespaces/unmade/configmaps?dryRun=All", """{"metadata":{"name":"a"}}""");
        await server.PatchAsync("/api/v1/namespaces/fenced", """
            {"metadata":{"annotations":{
              "scheduler.alpha.kubernetes.io/node-selector":"zone=a, disk=ssd",
              "scheduler.alpha.kubernetes.io/defaultTolerations":"[{\"key\":\"team\",\"operator\":\"Exists\"}]",
              "scheduler.alpha.kubernetes.io/tolerationsWhitelist":"[{\"key\":\"team\",\"operator\":\"Exists\"},{\"operator\":\"Exists\",\"effect\":\"NoExecute\",\"tolerationSeconds\":300}]"}}}
            """);

        Answer made = await server.PostAsync(path, """{"metadata":{"name":"p"},"spec":{"nodeSelector":{"zone":"a"},"containers":[{"name":"c","image":"i"}]}}""");
        Answer contrary = await server.PostAsync(path, """{"metadata":{"name":"p"},"spec":{"nodeSelector":{"zone":"b"},"containers":[{"name":"c","image":"i"}]}}""");
        Answer tolerant = await server.PostAsync(
            path, """{"metadata":{"name":"p"},"spec":{"tolerations":[{"key":"other","operator":"Exists"}],"containers":[{"name":"c","image":"i"}]}}""");

        Assert.Equal((201, 404), (first.Code, dry.Code));
        Assert.Equal(("a", "ssd"), (made.Json.Text("spec", "nodeSelector", "zone"), made.Json.Text("spec", "nodeSelector", "disk")));
        Assert.Contains(made.Json.Objects("spec", "tolerations"), one => one.Text("key") == "team");
        Assert.Equal(403, contrary.Code);
        Assert.Contains("pod node label selector conflicts with its namespace node label selector", contrary.Message, StringComparison.Ordinal);
        Assert.Equal(403, tolerant.Code);
        Assert.Contains("conflict with its namespace whitelist", tolerant.Message, StringComparison.Ordinal);
    }

    private static async Task TolerationsAsync(TestApiServer server)
    {
        Answer made = await server.PostAsync("/api/v1/namespaces/default/pods?dryRun=All", """
            {"metadata":{"name":"a"},"spec":{"containers":[{"name":"c","image":"i","resources":{"limits":{"example.com/card":"1"},"requests":{"cpu":"1"}}}]}}
            """);

        Assert.Equal(201, made.Code);
        JsonObject toleration = Assert.Single(made.Json.Objects("spec", "tolerations"), one => one.Text("key") == "example.com/card");
        Assert.Equal("Exists", toleration.Text("operator"));
    }

    private static async Task AntiAffinityAsync(TestApiServer server)
    {
        static string Pod(string key) => $$$$"""
            {"metadata":{"name":"b"},"spec":{"containers":[{"name":"c","image":"i"}],"affinity":{"podAntiAffinity":{
             "requiredDuringSchedulingIgnoredDuringExecution":[{"topologyKey":"{{{{key}}}}","labelSelector":{"matchLabels":{"a":"b"} } } ]} } } }
            """;

        Answer node = await server.PostAsync("/api/v1/namespaces/default/pods?dryRun=All", Pod("kubernetes.io/hostname"));
        Answer zone = await server.PostAsync("/api/v1/namespaces/default/pods?dryRun=All", Pod("topology.kubernetes.io/zone"));

        Assert.Equal((201, 403), (node.Code, zone.Code));
        Assert.Contains("but only key kubernetes.io/hostname is allowed", zone.Message, StringComparison.Ordinal);
    }
}
