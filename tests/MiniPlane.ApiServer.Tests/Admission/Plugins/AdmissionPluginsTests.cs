using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using MiniPlane.ApiServer.Admission;
using MiniPlane.ApiServer.Admission.Plugins;
using MiniPlane.ApiServer.Identity;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Decoding;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;
using MiniPlane.Store;
using MiniPlane.Store.Memory;
using MiniPlane.Store.Revisions;

namespace MiniPlane.ApiServer.Tests.Admission.Plugins;

public sealed class AdmissionPluginsTests : IAsyncLifetime
{
    private const string Namespace = "gold";

    private readonly IRevisionStore _store = MemoryRevisionStore.Open(new StoreOptions(), NullLoggerFactory.Instance);
    private readonly List<string> _warnings = [];

    public async Task InitializeAsync() =>
        await StoreAsync(BuiltInKinds.ServiceAccount, """{"metadata":{"name":"default","namespace":"gold"}}""");

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Theory]
    [InlineData("pod-minimal")]
    [InlineData("pod-rich")]
    public async Task A_pod_leaves_admission_as_a_real_server_admits_it(string name)
    {
        await StoreAsync(
            BuiltInKinds.LimitRange, GoldenFiles.Json("Defaulting", "limitrange.out.json").ToJsonString());
        JsonObject expected = GoldenFiles.Json("Defaulting", $"{name}.out.json");
        JsonObject pod = ObjectDecoder.Decode(GoldenFiles.Yaml("Defaulting", name), BuiltInKinds.Pod).Json;
        MiniPlane.ApiServer.Defaulting.ObjectDefaults.Apply(BuiltInKinds.Pod, pod);

        await AdmitAsync(BuiltInKinds.Pod, pod);

        MiniPlane.ApiServer.Strategies.KindStrategies.For(BuiltInKinds.Pod).PrepareForCreate(pod);
        Assert.Equal(Comparable(expected), Comparable(pod));
    }

    [Fact]
    public async Task A_pod_that_does_not_want_a_token_gets_no_volume()
    {
        JsonObject pod = Pod("""{"automountServiceAccountToken":false,"containers":[{"name":"a"}]}""");

        await AdmitAsync(BuiltInKinds.Pod, pod);

        Assert.Equal("default", pod.Text("spec", "serviceAccountName"));
        Assert.Null(pod.Array("spec", "volumes"));
    }

    [Fact]
    public async Task A_pod_with_an_unknown_service_account_is_forbidden()
    {
        JsonObject pod = Pod("""{"serviceAccountName":"robot","containers":[{"name":"a"}]}""");

        ApiException error = await Assert.ThrowsAsync<ApiException>(() => AdmitAsync(BuiltInKinds.Pod, pod));

        Assert.Equal(403, error.Code);
        Assert.Equal(
            "pods \"p\" is forbidden: error looking up service account gold/robot: serviceaccount \"robot\" not found", error.Message);
    }

    [Fact]
    public async Task A_priority_class_gives_the_pod_its_priority()
    {
        await StoreAsync(BuiltInKinds.PriorityClass, """{"metadata":{"name":"high"},"value":1000,"preemptionPolicy":"Never"}""");
        JsonObject pod = Pod("""{"priorityClassName":"high","containers":[{"name":"a"}]}""");

        await AdmitAsync(BuiltInKinds.Pod, pod);

        Assert.Equal(1000, pod.Integer("spec", "priority"));
        Assert.Equal("Never", pod.Text("spec", "preemptionPolicy"));
    }

    [Fact]
    public async Task A_priority_class_that_is_not_there_is_forbidden()
    {
        JsonObject pod = Pod("""{"priorityClassName":"none","containers":[{"name":"a"}]}""");

        ApiException error = await Assert.ThrowsAsync<ApiException>(() => AdmitAsync(BuiltInKinds.Pod, pod));

        Assert.Equal("pods \"p\" is forbidden: no PriorityClass with name none was found", error.Message);
    }

    [Fact]
    public async Task A_container_above_its_limit_range_is_forbidden()
    {
        await StoreAsync(
            BuiltInKinds.LimitRange,
            """{"metadata":{"name":"lr","namespace":"gold"},"spec":{"limits":[{"type":"Container","max":{"memory":"1Gi"}}]}}""");
        JsonObject pod = Pod("""{"containers":[{"name":"a","resources":{"limits":{"memory":"2Gi"}}}]}""");

        ApiException error = await Assert.ThrowsAsync<ApiException>(() => AdmitAsync(BuiltInKinds.Pod, pod));

        Assert.Equal("pods \"p\" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi", error.Message);
    }

    [Fact]
    public async Task A_claim_without_a_class_gets_the_newest_default_class()
    {
        await StoreAsync(BuiltInKinds.StorageClass, DefaultClass("old", "2026-01-01T00:00:00Z"));
        await StoreAsync(BuiltInKinds.StorageClass, DefaultClass("new", "2026-01-02T00:00:00Z"));
        JsonObject claim = Parse("""{"metadata":{"name":"c","namespace":"gold"},"spec":{}}""");

        await AdmitAsync(BuiltInKinds.PersistentVolumeClaim, claim);

        Assert.Equal("new", claim.Text("spec", "storageClassName"));
        Assert.Equal(["kubernetes.io/pvc-protection"], claim.Texts("metadata", "finalizers"));
    }

    [Fact]
    public async Task A_load_balancer_becomes_headless_and_the_user_is_told()
    {
        JsonObject service = Parse(
            """{"metadata":{"name":"s","namespace":"gold"},"spec":{"type":"LoadBalancer","selector":{"a":"b"},"ports":[{"port":80,"nodePort":30080}]}}""");

        await AdmitAsync(BuiltInKinds.Service, service);

        Assert.Equal("ClusterIP", service.Text("spec", "type"));
        Assert.Equal("None", service.Text("spec", "clusterIP"));
        Assert.Null(service.At("spec", "ports")![0].At("nodePort"));
        Assert.Equal("LoadBalancer", service.Text("metadata", "annotations", "miniplane.io/original-service-type"));
        Assert.Single(_warnings);
    }

    private static string DefaultClass(string name, string created) =>
        $$"""
        {"metadata":{"name":"{{name}}","creationTimestamp":"{{created}}",
                     "annotations":{"storageclass.kubernetes.io/is-default-class":"true"}
                    },
         "provisioner":"x"}
        """;

    // The recording server was of a distribution that also mounts its own service CA; Kubernetes itself does not.
    private static string Comparable(JsonObject pod)
    {
        pod.Ensure("metadata").Remove("generation");
        foreach (JsonObject volume in pod.Objects("spec", "volumes"))
        {
            volume.Array("projected", "sources")?
                .RemoveAll(source => source.Text("configMap", "name") == "openshift-service-ca.crt");
        }

        string text = MiniPlane.ApiServer.Tests.Defaulting.ObjectDefaultsTests.Sorted(pod)!.ToJsonString(
            new System.Text.Json.JsonSerializerOptions { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        return System.Text.RegularExpressions.Regex.Replace(
            text, "kube-api-access-[^\"]+", "kube-api-access-x", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
    }

    private static JsonObject Pod(string spec) =>
        new() { ["metadata"] = Parse("""{"name":"p","namespace":"gold"}"""), ["spec"] = Parse(spec) };

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    private async Task StoreAsync(KindDefinition kind, string json)
    {
        JsonObject obj = Parse(json);
        var key = new ObjectKey(kind.IsNamespaced ? Namespace : "", obj.TextOrEmpty("metadata", "name"));
        WriteOutcome outcome = await _store.WriteAsync(
            new StoreWrite(new StoreKey(kind.Collection, key), 0, DraftDocument.From(obj), false), CancellationToken.None);
        Assert.IsType<WriteOutcome.Written>(outcome);
    }

    private async Task AdmitAsync(KindDefinition kind, JsonObject obj)
    {
        var request = new AdmissionRequest
        {
            Kind = kind,
            Key = new ObjectKey(kind.IsNamespaced ? Namespace : "", obj.TextOrEmpty("metadata", "name")),
            Operation = AdmissionOperation.Create,
            Object = obj,
            User = UserInfo.Internal,
            Warnings = _warnings,
        };
        IAdmissionPlugin[] plugins =
        [
            new LimitRangerPlugin(_store),
            new ServiceAccountPlugin(_store, TimeProvider.System),
            new PriorityPlugin(_store),
            new DefaultTolerationSecondsPlugin(),
            new DefaultIngressClassPlugin(_store),
            new DefaultStorageClassPlugin(_store),
            new StorageObjectInUseProtectionPlugin(),
            new HeadlessServicesPlugin(),
        ];
        foreach (IAdmissionPlugin plugin in plugins)
        {
            await plugin.AdmitAsync(request, CancellationToken.None);
        }

        foreach (IAdmissionPlugin plugin in plugins)
        {
            await plugin.ValidateAsync(request, CancellationToken.None);
        }
    }
}
