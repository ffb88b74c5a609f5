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

        Assert.Equal(user, RegistryAccounts.Find([secret], registry)?.User);
    }

    [Fact]
    public void A_challenge_says_where_the_token_is()
    {
        var challenge = RegistryChallenge.TryParse(new("Bearer", "realm=\"https://auth.x/token\",service=\"x y\",scope=\"repository:a/b:pull\""));

        Assert.Equal("https://auth.x/token?service=x%20y&scope=repository%3Aa%2Fb%3Apull", challenge?.TokenAddress("a/b").AbsoluteUri);
    }
}
