using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using MiniPlane.ApiServer.Tests.Hosting;

namespace MiniPlane.ApiServer.Tests.Bodies;

public sealed class CompressionTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json;as=Table;v=v1;g=meta.k8s.io")]
    [InlineData("application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io")]
    [InlineData("application/vnd.kubernetes.protobuf")]
    [InlineData("application/yaml")]
    public async Task A_large_list_is_compressed_for_clients_that_take_it_and_is_the_same(string accept)
    {
        string ns = await fixture.NamespaceAsync();
        for (int i = 0; i < 4; i++)
        {
            string filler = new((char)('a' + i), 60_000);
            await fixture.Server.PostAsync(
                $"/api/v1/namespaces/{ns}/configmaps", $$$"""{"metadata":{"name":"m{{{i}}}","annotations":{"note":"{{{filler}}}"}},"data":{"k":"{{{filler}}}"}}""");
        }

        (string? plainCoding, byte[] plain) = await GetAsync($"/api/v1/namespaces/{ns}/configmaps", accept, coding: null);
        (string? coding, byte[] sent) = await GetAsync($"/api/v1/namespaces/{ns}/configmaps", accept, "br, gzip;q=0.5");
        (string? refused, byte[] again) = await GetAsync($"/api/v1/namespaces/{ns}/configmaps", accept, "gzip;q=0");

        Assert.Null(plainCoding);
        Assert.Null(refused);
        Assert.Equal("gzip", coding);
        Assert.True(sent.Length < plain.Length / 10, $"{sent.Length} bytes instead of {plain.Length}");
        Assert.Equal(WithoutRevisions(plain), WithoutRevisions(Inflate(sent)));
        Assert.Equal(WithoutRevisions(plain), WithoutRevisions(again));
    }

    [Fact]
    public async Task A_small_answer_is_not_compressed()
    {
        (string? coding, byte[] body) = await GetAsync("/api/v1/namespaces/default", "application/json", "gzip");

        Assert.Null(coding);
        Assert.Contains("\"kind\":\"Namespace\"", Text(body), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_large_object_is_compressed()
    {
        string ns = await fixture.NamespaceAsync();
        await fixture.Server.PostAsync($"/api/v1/namespaces/{ns}/configmaps", $$$"""{"metadata":{"name":"m"},"data":{"k":"{{{new string('a', 200_000)}}}"}}""");

        (string? coding, byte[] body) = await GetAsync($"/api/v1/namespaces/{ns}/configmaps/m", "application/json", "gzip");

        Assert.Equal("gzip", coding);
        Assert.Contains(new string('a', 200_000), Text(Inflate(body)), StringComparison.Ordinal);
    }

    private async Task<(string? Coding, byte[] Body)> GetAsync(string path, string accept, string? coding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        if (coding is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept-Encoding", coding);
        }

        using HttpResponseMessage response = await fixture.Server.Admin.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return (response.Content.Headers.ContentEncoding.SingleOrDefault(), await response.Content.ReadAsByteArrayAsync());
    }

    private static byte[] Inflate(byte[] bytes)
    {
        using var source = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var target = new MemoryStream();
        source.CopyTo(target);
        return target.ToArray();
    }

    private static string Text(byte[] bytes) => Encoding.UTF8.GetString(bytes);

    // The list's revision is the whole store's, and others write; a Table tells ages.
    private static string WithoutRevisions(byte[] body) =>
        Regex.Replace(Text(body), "(?<=resourceVersion\\W{1,5})[0-9]+|\"[0-9]+s\"", "", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(20));
}
