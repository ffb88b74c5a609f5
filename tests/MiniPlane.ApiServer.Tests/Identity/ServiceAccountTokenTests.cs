using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.Tests.Identity;

public sealed class ServiceAccountTokenTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private readonly TestApiServer _server = fixture.Server;

    [Fact]
    public async Task A_requested_token_names_its_account_until_the_account_is_deleted()
    {
        string ns = await fixture.NamespaceAsync();
        await _server.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts", """{"metadata":{"name":"robot"}}""");
        Answer token = await _server.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts/robot/token", """{"spec":{"expirationSeconds":600}}""");
        using HttpClient robot = _server.NewClient(token.Json.TextOrEmpty("status", "token"));

        Answer who = await WhoAmIAsync(robot);
        await _server.DeleteAsync($"/api/v1/namespaces/{ns}/serviceaccounts/robot");
        Answer later = await WhoAmIAsync(robot);

        Assert.Equal($"system:serviceaccount:{ns}:robot", who.Json.Text("status", "userInfo", "username"));
        Assert.Contains($"system:serviceaccounts:{ns}", who.Json.Texts("status", "userInfo", "groups"));
        Assert.Equal(401, later.Code);
    }

    [Fact]
    public async Task A_token_for_another_audience_is_not_accepted_here_but_its_review_says_whose_it_is()
    {
        string ns = await fixture.NamespaceAsync();
        await _server.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts", """{"metadata":{"name":"robot"}}""");
        Answer token = await _server.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts/robot/token", """{"spec":{"audiences":["vault"]}}""");
        string text = token.Json.TextOrEmpty("status", "token");
        using HttpClient robot = _server.NewClient(text);

        Answer refused = await WhoAmIAsync(robot);
        Answer review = await _server.PostAsync(
            "/apis/authentication.k8s.io/v1/tokenreviews", $$"""{"spec":{"token":"{{text}}","audiences":["vault"]} }""");

        Assert.Equal(401, refused.Code);
        Assert.True(review.Json.Flag("status", "authenticated"));
    }

    [Fact]
    public async Task A_life_of_less_than_ten_minutes_is_refused()
    {
        string ns = await fixture.NamespaceAsync();
        await _server.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts", """{"metadata":{"name":"robot"}}""");

        Answer refused = await _server.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts/robot/token", """{"spec":{"expirationSeconds":60}}""");

        Assert.Equal((422, "Invalid"), (refused.Code, refused.Reason));
        Assert.Equal("spec.expirationSeconds", refused.Json.Objects("details", "causes").Single().Text("field"));
    }

    private Task<Answer> WhoAmIAsync(HttpClient client) => _server.SendAsync(
        HttpMethod.Post, "/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}", "application/json", client: client);
}
