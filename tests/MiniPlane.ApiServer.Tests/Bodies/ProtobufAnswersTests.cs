using System.Buffers.Binary;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;
using MiniPlane.Objects.Protobuf;

namespace MiniPlane.ApiServer.Tests.Bodies;

public sealed class ProtobufAnswersTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private const string Partial = "application/vnd.kubernetes.protobuf;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

    private readonly TestApiServer _server = fixture.Server;
    private readonly IKindCatalogue _catalogue = fixture.Server.Services.GetRequiredService<IKindCatalogue>();

    [Fact]
    public async Task An_object_goes_in_and_comes_out_in_protobuf()
    {
        string path = $"/api/v1/namespaces/{await fixture.NamespaceAsync()}/configmaps";
        KindDefinition kind = _catalogue.FindKind("v1", "ConfigMap")!;
        ReadOnlyMemory<byte> body = ProtobufEncoder.Encode("v1", "ConfigMap", kind.Type, """{"metadata":{"name":"a"},"data":{"k":"v"}}"""u8.ToArray());

        using HttpResponseMessage response = await SendAsync(HttpMethod.Post, path, ProtobufDecoder.MediaType, body);

        JsonObject made = ProtobufDecoder.Decode(await response.Content.ReadAsByteArrayAsync(), _catalogue);
        Answer json = await _server.GetAsync($"{path}/a");
        Assert.Equal(ProtobufDecoder.MediaType, response.Content.Headers.ContentType?.ToString());
        Assert.True(json.Json.SameAs(made), made.ToJsonString());
    }

    [Fact]
    public async Task A_list_and_a_list_of_metadata_say_what_their_JSON_says()
    {
        string path = $"/apis/apps/v1/namespaces/{await fixture.NamespaceAsync()}/deployments";
        Answer made = await _server.PostAsync(
            path,
            """
            {"metadata":{"name":"a"},"spec":{"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},
            "spec":{"containers":[{"name":"c","image":"i","livenessProbe":{"httpGet":{"port":"http"}}}]}}}}
            """);

        JsonObject list = await DecodeAsync($"{path}?limit=5", ProtobufDecoder.MediaType);
        using HttpResponseMessage partial = await SendAsync(HttpMethod.Get, path, Partial, null);

        Answer json = await _server.GetAsync($"{path}?limit=5");
        Assert.Equal(201, made.Code);

        // The revision is the whole store's, and others write.
        list["metadata"]!["resourceVersion"] = json.Json.Text("metadata", "resourceVersion");
        Assert.True(json.Json.SameAs(list), $"{json.Text}\n{list.ToJsonString()}");
        (string kind, ByteString raw) = Envelope(await partial.Content.ReadAsByteArrayAsync());
        Assert.Equal("PartialObjectMetadataList", kind);
        Assert.True(raw.Length < json.Text.Length);
    }

    [Fact]
    public async Task A_watch_sends_frames_that_hold_events()
    {
        string path = $"/api/v1/namespaces/{await fixture.NamespaceAsync()}/configmaps";
        await _server.PostAsync(path, """{"metadata":{"name":"a"}}""");

        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Get,
            $"{path}?watch=1&timeoutSeconds=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true",
            $"{ProtobufDecoder.MediaType};stream=watch",
            null);

        byte[] bytes = await response.Content.ReadAsByteArrayAsync();
        int length = BinaryPrimitives.ReadInt32BigEndian(bytes);
        (string type, JsonObject first) = Event(bytes[4..(length + 4)]);
        (string last, JsonObject bookmark) = Event(bytes[(length + 8)..]);
        Assert.Equal("application/vnd.kubernetes.protobuf; stream=watch", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(("ADDED", "a", "BOOKMARK"), (type, first.Text("metadata", "name"), last));
        Assert.Equal("true", bookmark.Text("metadata", "annotations", "k8s.io/initial-events-end"));
    }

    [Fact]
    public async Task An_error_is_told_in_protobuf_too()
    {
        JsonObject status = await DecodeAsync("/api/v1/namespaces/absent", ProtobufDecoder.MediaType);

        Assert.Equal(("Status", "NotFound", 404), (status.Text("kind"), status.Text("reason"), status.Integer("code")));
    }

    [Theory]
    [InlineData("application/vnd.kubernetes.protobuf;as=Table;g=meta.k8s.io;v=v1", 406)]
    [InlineData("application/vnd.kubernetes.protobuf;as=Table;g=meta.k8s.io;v=v1,application/json;as=Table;g=meta.k8s.io;v=v1", 200)]
    [InlineData("text/html", 406)]
    [InlineData("text/html,application/*;q=0.1", 200)]
    public async Task The_best_form_that_can_be_written_is_taken(string accept, int code)
    {
        Answer answer = await _server.GetAsync("/api/v1/namespaces", accept);

        Assert.Equal(code, answer.Code);
    }

    [Fact]
    public async Task Quality_comes_before_order()
    {
        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Get, "/api/v1/namespaces", "application/yaml;q=0.2,application/json;q=0.5,application/vnd.kubernetes.protobuf", null);

        Assert.Equal(ProtobufDecoder.MediaType, response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_watch_has_no_YAML_form()
    {
        Answer answer = await _server.GetAsync("/api/v1/namespaces?watch=1&timeoutSeconds=1", "application/yaml");

        Assert.Equal(406, answer.Code);
    }

    [Fact]
    public async Task Groups_are_told_in_protobuf()
    {
        JsonObject groups = await DecodeAsync("/apis", ProtobufDecoder.MediaType);

        Assert.Contains(groups.Objects("groups"), group => group.Text("name") == "apps");
    }

    [Fact]
    public async Task The_second_OpenAPI_has_the_form_that_older_clients_ask_for()
    {
        using HttpResponseMessage response = await SendAsync(
            HttpMethod.Get, "/openapi/v2", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf", null);

        var input = new CodedInputStream(await response.Content.ReadAsByteArrayAsync());
        var fields = new List<int>();
        while (input.ReadTag() is not 0 and uint tag)
        {
            fields.Add(WireFormat.GetTagFieldNumber(tag));
            input.SkipLastField();
        }

        Assert.Equal("application/com.github.proto-openapi.spec.v2.v1.0+protobuf", response.Content.Headers.ContentType?.ToString());
        Assert.Equal([1, 2, 8, 9], fields);
    }

    private static (string Type, JsonObject Object) Event(byte[] bytes)
    {
        var input = new CodedInputStream(bytes);
        input.ReadTag();
        string type = input.ReadString();
        input.ReadTag();
        CodedInputStream extension = input.ReadBytes().CreateCodedInput();
        extension.ReadTag();
        return (type, ProtobufDecoder.Decode(extension.ReadBytes().Span, new KindCatalogue()));
    }

    private static (string Kind, ByteString Raw) Envelope(byte[] bytes)
    {
        var input = new CodedInputStream(bytes, 4, bytes.Length - 4);
        input.ReadTag();
        CodedInputStream meta = input.ReadBytes().CreateCodedInput();
        meta.ReadTag();
        meta.ReadString();
        meta.ReadTag();
        string kind = meta.ReadString();
        input.ReadTag();
        return (kind, input.ReadBytes());
    }

    private async Task<JsonObject> DecodeAsync(string path, string accept)
    {
        using HttpResponseMessage response = await SendAsync(HttpMethod.Get, path, accept, null);
        return ProtobufDecoder.Decode(await response.Content.ReadAsByteArrayAsync(), _catalogue);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string accept, ReadOnlyMemory<byte>? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (body is { } bytes)
        {
            request.Content = new ReadOnlyMemoryContent(bytes);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(ProtobufDecoder.MediaType);
        }

        return await _server.Admin.SendAsync(request, CancellationToken.None);
    }
}
