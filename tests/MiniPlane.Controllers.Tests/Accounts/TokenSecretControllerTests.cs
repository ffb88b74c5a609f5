using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.Controllers.Accounts;
using MiniPlane.Objects.Catalogue;
using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Tests.Accounts;

public sealed class TokenSecretControllerTests : IAsyncLifetime
{
    private static readonly ObjectKey Key = new("default", "robot-token");
    private readonly ControllerRig _rig = new();

    public async Task InitializeAsync()
    {
        _rig.Cluster.Kinds.Add(BuiltInKinds.Secret);
        await _rig.StartAsync(context => new TokenSecretController(context, new ClusterControllersOptions { ClusterAuthorityPem = "the authority" }));
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_secret_for_a_token_gets_one_and_goes_with_its_account()
    {
        JsonObject account = Parse("""{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"robot","namespace":"default"}}""");
        ObjectDocument made = await _rig.Cluster.CreateAsync(BuiltInKinds.ServiceAccount, account, CancellationToken.None);

        await MakeAsync("robot");

        await _rig.UntilAsync(() => Data("token").Length > 0, "the token is there");
        Assert.Equal(("token of robot", "the authority", "default"), (Data("token"), Data("ca.crt"), Data("namespace")));
        Assert.Equal(made.Metadata.Uid, Secret()!.Metadata.Annotations["kubernetes.io/service-account.uid"]);

        await _rig.Cluster.DeleteAsync(BuiltInKinds.ServiceAccount, made.Key, MiniPlane.Objects.Cluster.DeleteQuery.Default, CancellationToken.None);

        await _rig.UntilAsync(() => Secret() is null, "the secret goes");
    }

    [Fact]
    public async Task A_secret_for_nobody_goes()
    {
        await MakeAsync("nobody");

        await _rig.UntilAsync(() => Secret() is null, "the secret goes");
    }

    private async Task MakeAsync(string account) => await _rig.Cluster.CreateAsync(
        BuiltInKinds.Secret,
        Parse($$"""
            {"apiVersion":"v1","kind":"Secret","type":"kubernetes.io/service-account-token",
             "metadata":{"name":"robot-token","namespace":"default","annotations":{"kubernetes.io/service-account.name":"{{account}}"} } }
            """),
        CancellationToken.None);

    private ObjectDocument? Secret() => _rig.Cluster.Find("Secret", Key.Namespace, Key.Name);

    private string Data(string entry) => Secret()?.ToJson().Text("data", entry) is { } base64 ? Encoding.UTF8.GetString(Convert.FromBase64String(base64)) : "";

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();
}
