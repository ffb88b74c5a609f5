using System.Text;
using MiniPlane.Agent.Images;
using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Tests.Images;

public sealed class RegistryAccountsTests
{
    [Theory]
    [InlineData("""{"auths":{"https://index.docker.io/v1/":{"username":"me","password":"pw"}}}""", "docker.io", "me")]
    [InlineData("""{"auths":{"ghcr.io":{"auth":"bWU6cHc="}}}""", "ghcr.io", "me")]
    [InlineData("""{"auths":{"ghcr.io":{"auth":"bWU6cHc="}}}""", "quay.io", null)]
    [InlineData("""{"auths":""", "ghcr.io", null)]
    public void An_account_is_found_by_its_registry(string config, string registry, string? user)
    {
        DataObjectView secret = new() { Data = { [".dockerconfigjson"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(config)) } };

        Assert.Equal(user is null ? [] : [user], RegistryAccounts.Find([secret], registry, "a/b").Select(account => account.User));
    }

    [Fact]
    public void The_entry_that_is_closest_to_the_repository_comes_first()
    {
        const string Config = """
            {"auths":{"quay.io":{"username":"all","password":"p"},"quay.io/team":{"username":"team","password":"p"},"quay.io/teams":{"username":"other","password":"p"},
                      "*.io":{"username":"star","password":"p"},"*.quay.io":{"username":"below","password":"p"}}}
            """;
        DataObjectView secret = new() { Data = { [".dockerconfigjson"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(Config)) } };

        Assert.Equal(["team", "all", "star"], RegistryAccounts.Find([secret], "quay.io", "team/app").Select(account => account.User));
    }

    [Fact]
    public void A_challenge_says_where_the_token_is()
    {
        var challenge = RegistryChallenge.TryParse(new("Bearer", "realm=\"https://auth.x/token\",service=\"x y\",scope=\"repository:a/b:pull\""));

        Assert.Equal("https://auth.x/token?service=x%20y&scope=repository%3Aa%2Fb%3Apull", challenge?.TokenAddress("a/b").AbsoluteUri);
    }
}
