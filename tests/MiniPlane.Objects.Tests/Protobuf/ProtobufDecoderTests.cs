using System.Text.Json.Nodes;
using Google.Protobuf;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Errors;
using MiniPlane.Objects.Protobuf;

namespace MiniPlane.Objects.Tests.Protobuf;

public class ProtobufDecoderTests
{
    private static readonly KindCatalogue Catalogue = new();

    [Fact]
    public void A_map_and_unset_texts_read_as_in_JSON()
    {
        byte[] metadata = Message((1, "settings"), (2, ""), (3, ""), (8, Message()));
        byte[] entry = Message((1, "key"), (2, "value"));

        JsonObject read = Decode("v1", "ConfigMap", Message((1, metadata), (2, entry)));

        AssertJson(
            """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"settings"},"data":{"key":"value"}}""", read);
    }

    [Fact]
    public void Zero_replicas_are_kept_and_an_unset_number_is_not()
    {
        byte[] spec = Message((1, 0L), (5, 0L), (7, 0L));

        JsonObject read = Decode("apps/v1", "Deployment", Message((1, Message((1, "web"))), (2, spec)));

        AssertJson("""{"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"web"},"spec":{"replicas":0}}""", read);
    }

    [Fact]
    public void The_source_of_a_volume_stands_beside_its_name_although_it_is_a_message_of_its_own()
    {
        byte[] volume = Message((1, "data"), (2, Message((2, Message()))));

        JsonObject read = Decode("v1", "Pod", Message((2, Message((1, volume)))));

        AssertJson("""{"kind":"Pod","apiVersion":"v1","spec":{"volumes":[{"name":"data","emptyDir":{}}]}}""", read);
    }

    [Fact]
    public void Quantities_and_ports_and_times_take_their_JSON_forms()
    {
        byte[] request = Message((1, "cpu"), (2, Message((1, "500m"))));
        byte[] probe = Message((1, Message((2, Message((2, Message((1, 1L), (3, "http"))))))), (2, 0L));
        byte[] container = Message((1, "main"), (8, Message((2, request))), (11, probe));
        byte[] metadata = Message((1, "p"), (8, Message((1, 1_767_323_045L))));

        JsonObject read = Decode("v1", "Pod", Message((1, metadata), (2, Message((2, container)))));

        AssertJson(
            """
            {"kind":"Pod","apiVersion":"v1","metadata":{"name":"p","creationTimestamp":"2026-01-02T03:04:05Z"},"spec":{"containers":[
            {"name":"main","resources":{"requests":{"cpu":"500m"}},"readinessProbe":{"httpGet":{"port":"http"}}}]}}
            """,
            read);
    }

    [Fact]
    public void Options_are_found_in_whatever_version_they_come()
    {
        JsonObject read = Decode("apps/v1", "DeleteOptions", Message((1, 0L), (4, "Foreground")));

        Assert.Equal(0, (long?)read["gracePeriodSeconds"]);
        Assert.Equal("Foreground", (string?)read["propagationPolicy"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("7b7d")]
    [InlineData("6b387300ff")]
    [InlineData("6b3873000a04ffffffff")]
    public void Bytes_that_are_no_object_are_a_bad_request(string hex)
    {
        ApiException refused = Assert.Throws<ApiException>(() => ProtobufDecoder.Decode(Convert.FromHexString(hex), Catalogue));

        Assert.Equal(400, refused.Code);
    }

    [Fact]
    public void Random_bytes_never_do_more_than_be_refused()
    {
        var random = new Random(7);
        for (int i = 0; i < 5000; i++)
        {
            byte[] raw = new byte[random.Next(60)];
            random.NextBytes(raw);

            Exception? refused = Record.Exception(() => Decode("v1", "Pod", raw));

            Assert.True(refused is null or ApiException { Code: 400 }, refused?.ToString());
        }
    }

    private static JsonObject Decode(string apiVersion, string kind, byte[] raw)
    {
        byte[] unknown = Message((1, Message((1, apiVersion), (2, kind))), (2, raw), (3, ""), (4, ""));
        return ProtobufDecoder.Decode([.. "k8s\0"u8, .. unknown], Catalogue);
    }

    private static byte[] Message(params (int Number, object Value)[] fields)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            foreach ((int number, object value) in fields)
            {
                output.WriteTag(number, value is long ? WireFormat.WireType.Varint : WireFormat.WireType.LengthDelimited);
                switch (value)
                {
                    case long integer:
                        output.WriteInt64(integer);
                        break;
                    case string text:
                        output.WriteString(text);
                        break;
                    case byte[] message:
                        output.WriteBytes(ByteString.CopyFrom(message));
                        break;
                }
            }
        }

        return stream.ToArray();
    }

    private static void AssertJson(string expected, JsonObject actual) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), actual.ToJsonString());
}
