using MiniPlane.ApiServer.Tests.Hosting;

namespace MiniPlane.ApiServer.Tests.OpenApi;

/// <summary>Words that upstream's command tests look for.</summary>
public sealed class OpenApiWordsTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    [Fact]
    public async Task Operations_and_lists_are_described()
    {
        string document = (await fixture.Server.GetAsync("/openapi/v2")).Text;

        Assert.All(
            ["list of returned", "List of services", "Watch for changes to the described resources"],
            words => Assert.Contains(words, document, StringComparison.Ordinal));
    }
}
