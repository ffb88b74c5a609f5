using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using MiniPlane.ApiServer.Tests.Discovery;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Errors;

namespace MiniPlane.ApiServer.Tests.OpenApi;

public sealed class OpenApiThreeProtobufTests
{
    private const string Protobuf = "application/com.github.proto-openapi.spec.v3.v1.0+protobuf";

    private readonly KindCatalogue _catalogue = new();
    private readonly EndpointCall _call;

    public OpenApiThreeProtobufTests()
    {
        _call = new EndpointCall(_catalogue);
        _catalogue.SetCustom("widgets.example.org", [Widgets.Make("v1")]);
    }

    [Fact]
    public async Task Every_document_says_the_same_as_its_JSON_form()
    {
        (_, JsonNode? index, _) = await _call.GetAsync("/openapi/v3");
        foreach ((string path, _) in index!["paths"]!.AsObject())
        {
            (_, JsonNode? json, HttpResponse plain) = await _call.GetAsync("/openapi/v3/" + path);
            HttpResponse response = await _call.SendAsync("/openapi/v3/" + path, Protobuf);
            JsonObject read = GnosticReader.Read(EndpointCall.Bytes(response));

            WithoutUnsayable(json);
            WithoutUnsayable(read);
            Assert.True(Difference(json, read, path) is null, Difference(json, read, path));
            Assert.Equal(Protobuf, response.ContentType);
            Assert.Equal(plain.Headers.ETag, response.Headers.ETag);
            Assert.Equal("Accept", response.Headers.Vary);
        }
    }

    [Theory]
    [InlineData("application/com.github.proto-openapi.spec.v3@v1.0+protobuf", true)]
    [InlineData(Protobuf + ", */*;q=0.1", true)]
    [InlineData("application/json, " + Protobuf, false)]
    [InlineData(Protobuf + ";q=0.5, application/json", false)]
    [InlineData("*/*", false)]
    public async Task The_first_form_that_the_client_takes_is_sent(string accept, bool isProtobuf)
    {
        HttpResponse response = await _call.SendAsync("/openapi/v3/apis/apps/v1", accept);

        Assert.Equal(isProtobuf ? Protobuf : "application/json", response.ContentType);
    }

    [Fact]
    public async Task Whoever_has_the_document_in_either_form_is_told_so()
    {
        HttpResponse first = await _call.SendAsync("/openapi/v3/apis/apps/v1", Protobuf);

        HttpResponse second = await _call.SendAsync("/openapi/v3/apis/apps/v1", Protobuf, first.Headers.ETag.ToString());

        Assert.Equal(304, second.StatusCode);
        Assert.Empty(EndpointCall.Bytes(second));
    }

    [Theory]
    [InlineData("/openapi/v3", Protobuf)]
    [InlineData("/openapi/v3/apis/apps/v1", "application/yaml")]
    [InlineData("/openapi/v3/apis/apps/v1", "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")]
    public async Task Other_forms_are_refused(string path, string accept)
    {
        ApiException refusal = await Assert.ThrowsAsync<ApiException>(() => _call.SendAsync(path, accept));

        Assert.Equal(406, refusal.Code);
    }

    private static string? Difference(JsonNode? left, JsonNode? right, string path) =>
        left is JsonObject a && right is JsonObject b
            ? a.Select(pair => pair.Key).Union(b.Select(pair => pair.Key), StringComparer.Ordinal)
                .Select(key => Difference(a[key], b[key], $"{path} > {key}")).FirstOrDefault(found => found is not null)
            : JsonNode.DeepEquals(left, right) ? null : $"{path}: {left?.ToJsonString()} became {right?.ToJsonString()}";

    // The message has defaults of numbers, flags and texts only, and no lists without items.
    private static void WithoutUnsayable(JsonNode? node)
    {
        if (node is JsonObject map)
        {
            foreach ((string name, JsonNode? value) in map.ToArray())
            {
                if (value is JsonArray { Count: 0 } || (name == "default" && value is null or JsonObject { Count: 0 }))
                {
                    map.Remove(name);
                }

                WithoutUnsayable(value);
            }
        }
        else if (node is JsonArray list)
        {
            foreach (JsonNode? item in list)
            {
                WithoutUnsayable(item);
            }
        }
    }
}
