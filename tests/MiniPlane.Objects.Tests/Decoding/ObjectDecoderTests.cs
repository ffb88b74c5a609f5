using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Decoding;
using MiniPlane.Objects.Errors;

namespace MiniPlane.Objects.Tests.Decoding;

public sealed class ObjectDecoderTests
{
    [Fact]
    public void Unknown_fields_go_and_are_reported_with_their_path()
    {
        DecodedObject decoded = Decode(
            BuiltInKinds.Pod, """{"spec":{"foo":1,"containers":[{"name":"c","imagee":"y"}],"nodeSelector":{"a":"b"}}}""");

        Assert.Equal("""{"spec":{"containers":[{"name":"c"}],"nodeSelector":{"a":"b"}}}""", decoded.Json.ToJsonString());
        Assert.Equal(
            "Pod in version \"v1\" cannot be handled as a Pod: strict decoding error: unknown field \"spec.foo\", unknown field \"spec.containers[0].imagee\"",
            ObjectDecoder.StrictRefusal(decoded, BuiltInKinds.Pod)?.Message);
    }

    [Fact]
    public void A_key_that_comes_twice_counts_last_and_is_reported()
    {
        var body = JsonBody.Parse("""{"data":{"a":"1","a":"2"},"metadata":{"name":"x","name":"y"}}"""u8);

        DecodedObject decoded = ObjectDecoder.Decode(body.Root!.AsObject(), BuiltInKinds.ConfigMap, body.Duplicates);

        Assert.Equal("""{"data":{"a":"2"},"metadata":{"name":"y"}}""", decoded.Json.ToJsonString());
        Assert.Equal(["duplicate field \"data.a\"", "duplicate field \"metadata.name\""], decoded.Problems);
    }

    [Theory]
    [InlineData("""{"spec":{"replicas":"three"}}""", "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [InlineData("""{"spec":{"replicas":1.5}}""", "json: cannot unmarshal number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [InlineData("""{"spec":{"replicas":9999999999}}""", "json: cannot unmarshal number 9999999999 into Go struct field DeploymentSpec.spec.replicas of type int32")]
    [InlineData("""{"spec":{"paused":"yes"}}""", "json: cannot unmarshal string into Go struct field DeploymentSpec.spec.paused of type bool")]
    [InlineData("""{"spec":[]}""", "json: cannot unmarshal array into Go struct field Deployment.spec of type v1.DeploymentSpec")]
    [InlineData("""{"metadata":{"labels":{"a":1}}}""", "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string")]
    [InlineData("""{"metadata":{"labels":["a"]}}""", "json: cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"env":[{"name":"a","value":1}]}]}}}}""", "json: cannot unmarshal number into Go struct field EnvVar.spec.template.spec.containers.env.value of type string")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":{}}}}}""", "json: cannot unmarshal object into Go struct field PodSpec.spec.template.spec.containers of type []v1.Container")]
    [InlineData("""{"spec":{"strategy":{"rollingUpdate":{"maxSurge":true}}}}""", "json: cannot unmarshal bool into Go value of type int32")]
    [InlineData("""{"spec":{"template":{"spec":{"containers":[{"resources":{"limits":{"memory":"lots"}}}]}}}}""", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")]
    public void A_value_of_the_wrong_type_is_a_bad_request_in_the_words_of_the_API(string json, string message)
    {
        ApiException refusal = Assert.Throws<ApiException>(() => Decode(BuiltInKinds.Deployment, json));

        Assert.Equal((400, $"Deployment in version \"v1\" cannot be handled as a Deployment: {message}"), (refusal.Code, refusal.Message));
    }

    [Fact]
    public void Nulls_and_empty_lists_and_maps_go_but_empty_objects_stay()
    {
        DecodedObject decoded = Decode(
            BuiltInKinds.Pod,
            """{"metadata":{"creationTimestamp":null,"labels":{}},"spec":{"volumes":[{"name":"v","emptyDir":{}}],"tolerations":[],"hostname":null,"containers":[]}}""");

        Assert.Equal(
            """{"metadata":{},"spec":{"volumes":[{"name":"v","emptyDir":{}}],"containers":[]}}""", decoded.Json.ToJsonString());
    }

    [Fact]
    public void Quantities_become_canonical_and_resource_amounts_no_finer_than_a_thousandth()
    {
        DecodedObject decoded = Decode(
            BuiltInKinds.Pod,
            """{"spec":{"volumes":[{"emptyDir":{"sizeLimit":"1024Mi"}}],"containers":[{"resources":{"limits":{"cpu":1.5,"memory":"0.5Gi","nvidia.com/gpu":1,"x":"1u"}}}]}}""");

        Assert.Equal("1Gi", decoded.Json["spec"]!["volumes"]![0]!["emptyDir"]!["sizeLimit"]!.GetValue<string>());
        Assert.Equal(
            """{"cpu":"1500m","memory":"512Mi","nvidia.com/gpu":"1","x":"1m"}""",
            decoded.Json["spec"]!["containers"]![0]!["resources"]!["limits"]!.ToJsonString());
    }

    [Theory]
    [InlineData("2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z")]
    [InlineData("2026-01-02T03:04:05.999Z", "2026-01-02T03:04:05Z")]
    [InlineData("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05Z")]
    public void Times_are_written_in_UTC_and_seconds(string given, string expected)
    {
        DecodedObject decoded = Decode(BuiltInKinds.Pod, $$$"""{"metadata":{"creationTimestamp":"{{{given}}}"}}""");

        Assert.Equal(expected, decoded.Json["metadata"]!["creationTimestamp"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("yesterday")]
    [InlineData("2026-01-02")]
    [InlineData("2026-01-02 03:04:05Z")]
    [InlineData("2026-13-02T03:04:05Z")]
    [InlineData("2026-01-02T03:04:05")]
    [InlineData("")]
    public void What_is_no_RFC_3339_time_is_refused(string given)
    {
        ApiException refusal = Assert.Throws<ApiException>(() =>
            Decode(BuiltInKinds.Pod, $$$"""{"metadata":{"creationTimestamp":"{{{given}}}"}}"""));

        Assert.Contains("parsing time", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Micro_times_keep_six_digits()
    {
        DecodedObject decoded = Decode(BuiltInKinds.Lease, """{"spec":{"renewTime":"2026-01-02T03:04:05.123456Z"}}""");

        Assert.Equal("2026-01-02T03:04:05.123456Z", decoded.Json["spec"]!["renewTime"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("eA==", true)]
    [InlineData("e\\nA==", true)]
    [InlineData("x y", false)]
    [InlineData("abc", false)]
    public void Secret_data_must_be_base64(string data, bool isGood)
    {
        Exception? refusal = Record.Exception(() => Decode(BuiltInKinds.Secret, $$$"""{"data":{"k":"{{{data}}}"}}"""));

        Assert.Equal(isGood, refusal is null);
    }

    [Fact]
    public void Free_form_values_are_kept_as_they_are()
    {
        const string json = """{"metadata":{},"data":{"anything":[1,null,{"x":{}}]},"revision":1}""";

        Assert.Equal(json, Decode(BuiltInKinds.ControllerRevision, json).Json.ToJsonString());
    }

    [Fact]
    public void Text_that_is_no_JSON_is_refused()
    {
        Assert.ThrowsAny<JsonException>(() => JsonBody.Parse("""{"a":"""u8));
        Assert.ThrowsAny<JsonException>(() => JsonBody.Parse("{} {}"u8));
        Assert.ThrowsAny<JsonException>(() => JsonBody.Parse(Encoding.UTF8.GetBytes(new string('[', 5000))));
    }

    private static DecodedObject Decode(KindDefinition kind, string json) =>
        ObjectDecoder.Decode(JsonNode.Parse(json)!.AsObject(), kind);
}
