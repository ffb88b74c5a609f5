using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Quantities;
using MiniPlane.Objects.Quotas;

namespace MiniPlane.Objects.Tests.Quotas;

public sealed class QuotaUsageTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_pod_uses_its_requests_and_limits_under_all_their_names()
    {
        IReadOnlyDictionary<string, Quantity> used = QuotaUsage.Of(BuiltInKinds.Pod, Json("""
            { "spec": {
                "initContainers": [ { "resources": { "requests": { "cpu": "2" } } } ],
                "containers": [ { "resources": { "requests": { "cpu": "500m", "memory": "1Gi", "example.com/gpu": "1" }, "limits": { "cpu": "1" } } } ] } }
            """), Now);

        Assert.Equal(
            "count/pods=1 cpu=2 limits.cpu=1 memory=1Gi pods=1 requests.cpu=2 requests.example.com/gpu=1 requests.memory=1Gi",
            Text(used));
    }

    [Fact]
    public void A_pod_that_has_ended_is_only_an_object()
    {
        IReadOnlyDictionary<string, Quantity> used = QuotaUsage.Of(
            BuiltInKinds.Pod, Json("""{ "spec": { "containers": [ {} ] }, "status": { "phase": "Failed" } }"""), Now);

        Assert.Equal("count/pods=1", Text(used));
    }

    [Fact]
    public void A_service_is_charged_for_the_type_that_was_asked_for()
    {
        IReadOnlyDictionary<string, Quantity> used = QuotaUsage.Of(BuiltInKinds.Service, Json("""
            { "metadata": { "annotations": { "miniplane.io/original-service-type": "LoadBalancer" } },
              "spec": { "type": "ClusterIP", "ports": [ { "port": 80 }, { "port": 443 } ] } }
            """), Now);

        Assert.Equal("count/services=1 services=1 services.loadbalancers=1 services.nodeports=2", Text(used));
    }

    [Fact]
    public void A_claim_counts_for_its_class_too()
    {
        IReadOnlyDictionary<string, Quantity> used = QuotaUsage.Of(BuiltInKinds.PersistentVolumeClaim, Json("""
            { "spec": { "storageClassName": "gold", "resources": { "requests": { "storage": "1Gi" } } } }
            """), Now);

        Assert.Equal(
            "count/persistentvolumeclaims=1 gold.storageclass.storage.k8s.io/persistentvolumeclaims=1 gold.storageclass.storage.k8s.io/requests.storage=1Gi persistentvolumeclaims=1 requests.storage=1Gi",
            Text(used));
    }

    [Fact]
    public void A_device_claim_is_charged_for_the_most_that_it_may_get_of_each_class()
    {
        IReadOnlyDictionary<string, Quantity> used = QuotaUsage.Of(BuiltInKinds.ResourceClaim, Json("""
            { "spec": { "devices": { "requests": [
                { "name": "a", "exactly": { "deviceClassName": "gold", "allocationMode": "ExactCount", "count": 2 } },
                { "name": "b", "exactly": { "deviceClassName": "tin", "allocationMode": "All" } },
                { "name": "c", "firstAvailable": [
                    { "name": "x", "deviceClassName": "gold", "allocationMode": "ExactCount", "count": 4 },
                    { "name": "y", "deviceClassName": "gold", "allocationMode": "ExactCount", "count": 1 } ] } ] } } }
            """), Now);

        Assert.Equal(
            "count/resourceclaims.resource.k8s.io=1 gold.deviceclass.resource.k8s.io/devices=6 tin.deviceclass.resource.k8s.io/devices=32",
            Text(used));
    }

    [Theory]
    [InlineData("count/jobs.batch", "jobs.batch")]
    [InlineData("gold.deviceclass.resource.k8s.io/devices", "resourceclaims.resource.k8s.io")]
    [InlineData("requests.nvidia.com/gpu", "pods")]
    [InlineData("gold.storageclass.storage.k8s.io/requests.storage", "persistentvolumeclaims")]
    [InlineData("services.nodeports", "services")]
    [InlineData("nonsense", null)]
    public void Each_quota_resource_is_counted_on_one_kind(string name, string? resource) =>
        Assert.Equal(resource, QuotaUsage.ResourceOf(name));

    [Theory]
    [InlineData("""{ "scopes": [ "BestEffort" ] }""", false)]
    [InlineData("""{ "scopes": [ "NotBestEffort", "Terminating" ] }""", true)]
    [InlineData("""{ "scopes": [ "NotTerminating" ] }""", false)]
    [InlineData("""{ "scopeSelector": { "matchExpressions": [ { "scopeName": "PriorityClass", "operator": "In", "values": [ "high" ] } ] } }""", true)]
    [InlineData("""{ "scopeSelector": { "matchExpressions": [ { "scopeName": "PriorityClass", "operator": "NotIn", "values": [ "high" ] } ] } }""", false)]
    public void Scopes_choose_pods(string spec, bool matches)
    {
        JsonObject pod = Json("""
            { "spec": { "activeDeadlineSeconds": 5, "priorityClassName": "high", "containers": [ { "resources": { "limits": { "cpu": "1" } } } ] } }
            """);

        Assert.Equal(matches, QuotaScopes.Match(Json(spec), "pods", pod));
    }

    private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();

    private static string Text(IReadOnlyDictionary<string, Quantity> used) =>
        string.Join(' ', used.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}={entry.Value}"));
}
