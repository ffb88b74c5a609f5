using System.Text;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

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
    public async Task A_secret_for_an_account_is_filled_and_its_token_is_good_while_both_are_there()
    {
        string ns = await fixture.NamespaceAsync();
        string secrets = $"/api/v1/namespaces/{ns}/secrets";
        await _server.PostAsync($"/api/v1/namespaces/{ns}/serviceaccounts", """{"metadata":{"name":"robot"}}""");
        await _server.PostAsync(secrets, Secret("kept"));
        await _server.PostAsync(secrets, Secret("gone"));
        await Eventually.TrueAsync(async () => await TokenAsync("kept") is not null && await TokenAsync("gone") is not null, "both are filled");
        using HttpClient kept = _server.NewClient(await TokenAsync("kept") ?? "");
        using HttpClient gone = _server.NewClient(await TokenAsync("gone") ?? "");
        Answer before = await WhoAmIAsync(gone);

        await _server.DeleteAsync($"{secrets}/gone");

        Assert.Equal($"system:serviceaccount:{ns}:robot", before.Json.Text("status", "userInfo", "username"));
        Assert.Equal((401, 201), ((await WhoAmIAsync(gone)).Code, (await WhoAmIAsync(kept)).Code));
        await _server.DeleteAsync($"/api/v1/namespaces/{ns}/serviceaccounts/robot");
        Assert.Equal(401, (await WhoAmIAsync(kept)).Code);
        await Eventually.TrueAsync(async () => (await _server.GetAsync($"{secrets}/kept")).Code == 404, "the secret goes with its account");

        static string Secret(string name) =>
            $$"""{"metadata":{"name":"{{name}}","annotations":{"kubernetes.io/service-account.name":"robot"} },"type":"kubernetes.io/service-account-token"}""";

        async Task<string?> TokenAsync(string name) => (await _server.GetAsync($"{secrets}/{name}")).Json.Text("data", "token") is { } base64
            ? Encoding.ASCII.GetString(Convert.FromBase64String(base64))
            : null;
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
