using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Defaulting;
using MiniPlane.ApiServer.Strategies;
using MiniPlane.ApiServer.Validation;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Decoding;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Tests.Defaulting;

public sealed class ObjectDefaultsTests
{
    // What admission plug-ins add is compared in their own tests.
    private static readonly string[] PodFieldsOfAdmission =
        ["preemptionPolicy", "priority", "serviceAccount", "serviceAccountName", "tolerations"];

    public static TheoryData<string> Cases => [.. GoldenFiles.Names("Defaulting")];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_new_object_becomes_what_a_real_server_makes_of_it(string name)
    {
        JsonObject input = GoldenFiles.Yaml("Defaulting", name);
        JsonObject expected = GoldenFiles.Json("Defaulting", $"{name}.out.json");
        KindDefinition kind = BuiltInCatalogue.Instance.FindKind(input.TextOrEmpty("apiVersion"), input.TextOrEmpty("kind"))!;

        JsonObject actual = Create(kind, input, expected);

        Assert.Equal(Comparable(kind, expected), Comparable(kind, actual));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Defaulting_twice_changes_nothing(string name)
    {
        JsonObject once = GoldenFiles.Yaml("Defaulting", name);
        KindDefinition kind = BuiltInCatalogue.Instance.FindKind(once.TextOrEmpty("apiVersion"), once.TextOrEmpty("kind"))!;
        ObjectDefaults.Apply(kind, once);
        JsonNode before = once.DeepClone();

        ObjectDefaults.Apply(kind, once);

        Assert.Equal(before.ToJsonString(), once.ToJsonString());
    }

    [Theory]
    [InlineData("busybox", "Always")]
    [InlineData("busybox:latest", "Always")]
    [InlineData("busybox:1.36", "IfNotPresent")]
    [InlineData("registry:5000/team/app", "Always")]
    [InlineData("registry:5000/team/app:v2", "IfNotPresent")]
    [InlineData("app@sha256:0123456789abcdef", "IfNotPresent")]
    public void Only_images_that_may_move_are_always_pulled(string image, string policy) =>
        Assert.Equal(policy, ContainerDefaults.PullPolicy(image));

    private static JsonObject Create(KindDefinition kind, JsonObject input, JsonObject expected)
    {
        JsonObject obj = ObjectDecoder.Decode(input, kind).Json;
        JsonObject metadata = obj.Ensure("metadata");
        metadata["uid"] = expected.Text("metadata", "labels", "controller-uid") ?? "uid";
        metadata["creationTimestamp"] = expected.Text("status", "lastPhaseTransitionTime") ?? "2026-01-01T00:00:00Z";
        ObjectDefaults.Apply(kind, obj);
        KindStrategies.For(kind).PrepareForCreate(obj);
        var errors = new FieldErrors();
        ObjectValidation.Create(kind, obj, errors);
        Assert.Empty(errors.Causes);
        return obj;
    }

    private static string Comparable(KindDefinition kind, JsonObject obj)
    {
        JsonObject metadata = obj.Ensure("metadata");
        foreach (string name in (string[])["generation", "uid", "creationTimestamp"])
        {
            metadata.Remove(name);
        }

        if (kind.Kind is "PersistentVolume" or "PersistentVolumeClaim")
        {
            metadata.Remove("finalizers");
        }

        if (kind.Kind == "Pod")
        {
            WithoutAdmission(obj);
        }

        return Sorted(obj)!.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true });
    }

    private static void WithoutAdmission(JsonObject pod)
    {
        pod.Object("metadata", "annotations")?.Remove("kubernetes.io/limit-ranger");
        if (pod.Object("metadata", "annotations") is { Count: 0 })
        {
            pod.Ensure("metadata").Remove("annotations");
        }

        JsonObject spec = pod.Ensure("spec");
        foreach (string name in PodFieldsOfAdmission)
        {
            spec.Remove(name);
        }

        RemoveTokens(spec, "volumes");
        foreach (JsonObject container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
        {
            RemoveTokens(container, "volumeMounts");
            if (container.Text("resources", "limits", "memory") == "4Gi")
            {
                container["resources"] = new JsonObject();
            }
        }

        pod["status"]!.AsObject().Remove("qosClass");
    }

    private static void RemoveTokens(JsonObject holder, string list)
    {
        if (holder.Array(list) is { } array)
        {
            array.RemoveAll(item => item.TextOrEmpty("name").StartsWith("kube-api-access-", StringComparison.Ordinal));
            if (array.Count == 0)
            {
                holder.Remove(list);
            }
        }
    }

    internal static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject json => new JsonObject(json.OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => KeyValuePair.Create(field.Key, Sorted(field.Value)))),
        JsonArray array => new JsonArray([.. array.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
