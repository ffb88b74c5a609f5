using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Tests.Hosting;
using MiniPlane.Objects.Documents;
using MiniPlane.Testing;

namespace MiniPlane.ApiServer.Tests.Certificates;

public sealed class CertificateSigningTests(ApiServerFixture fixture) : IClassFixture<ApiServerFixture>
{
    private const string Path = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    private const string ClientSigner = "kubernetes.io/kube-apiserver-client";

    private readonly TestApiServer _server = fixture.Server;

    [Fact]
    public async Task An_approved_request_becomes_a_certificate_with_which_the_user_gets_in()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.Equal(201, (await RequestAsync("onboard", key, "O=dev,O=ops,CN=mary", ClientSigner, "client auth")).Code);

        Assert.Equal(200, (await ApproveAsync("onboard")).Code);

        string pem = await CertificateAsync("onboard");
        using var certificate = X509Certificate2.CreateFromPem(pem);
        using X509Certificate2 pair = certificate.CopyWithPrivateKey(key);
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => pair;
        using HttpClient mary = _server.NewClient(null, handler);
        Answer who = await _server.SendAsync(
            HttpMethod.Post, "/apis/authentication.k8s.io/v1/selfsubjectreviews", "{}", "application/json", client: mary);
        Assert.Equal("mary", who.Json.Text("status", "userInfo", "username"));
        Assert.Superset(new HashSet<string> { "dev", "ops" }, who.Json.Texts("status", "userInfo", "groups").ToHashSet(StringComparer.Ordinal));
        Assert.True(certificate.NotAfter < certificate.NotBefore.AddHours(2), "expirationSeconds is heeded");
    }

    [Fact]
    public async Task A_request_says_who_made_it_whatever_its_author_wrote()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Answer answer = await RequestAsync("author", key, "CN=x", ClientSigner, "client auth", ",\"username\":\"someone-else\"");

        Assert.Equal("admin", answer.Json.Text("spec", "username"));
    }

    [Fact]
    public async Task What_a_signer_does_not_sign_fails_with_a_reason()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await RequestAsync("wrong", key, "CN=x", ClientSigner, "server auth");
        await ApproveAsync("wrong");

        JsonObject? failed = null;
        await Eventually.TrueAsync(
            async () => (failed = (await _server.GetAsync($"{Path}/wrong")).Json.Objects("status", "conditions")
                .FirstOrDefault(one => one.Text("type") == "Failed")) is not null,
            "the request is refused");

        Assert.Equal("SignerValidationFailure", failed.Text("reason"));
    }

    [Fact]
    public async Task Nobody_asks_to_be_all_powerful_or_uses_the_legacy_signer()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Answer master = await RequestAsync("master", key, "O=system:masters,CN=x", ClientSigner, "client auth");
        Answer legacy = await RequestAsync("legacy", key, "CN=x", "kubernetes.io/legacy-unknown", "client auth");

        Assert.Equal((403, 422), (master.Code, legacy.Code));
        Assert.Contains("use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed", master.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_decides_may_write_down_why_in_annotations()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await RequestAsync("annotated", key, "CN=x", "example.com/other", "client auth");

        Answer patched = await _server.PatchAsync(
            $"{Path}/annotated/approval",
            """{"metadata":{"annotations":{"by":"me"}},"spec":{"signerName":"example.com/third"},"status":{"certificate":"eA==","conditions":[{"type":"Checked","status":"True","reason":"r"}]}}""");

        Assert.Equal((200, "me", "example.com/other"), (patched.Code, patched.Json.Text("metadata", "annotations", "by"), patched.Json.Text("spec", "signerName")));
        Assert.Equal(["Checked"], patched.Json.Objects("status", "conditions").Select(condition => condition.TextOrEmpty("type")));
        Assert.False(patched.Json.Has("status", "certificate"));
    }

    [Fact]
    public async Task Anyone_with_a_token_can_find_the_keys_that_check_tokens()
    {
        Answer configuration = await _server.GetAsync("/.well-known/openid-configuration");
        Answer keys = await _server.GetAsync("/openid/v1/jwks");

        Assert.EndsWith("/openid/v1/jwks", configuration.Json.Text("jwks_uri"), StringComparison.Ordinal);
        Assert.Contains("\"crv\":\"P-256\"", keys.Text, StringComparison.Ordinal);
    }

    private Task<Answer> RequestAsync(string name, ECDsa key, string subject, string signer, string usage, string extra = "")
    {
        var request = new CertificateRequest(new X500DistinguishedName(subject), key, HashAlgorithmName.SHA256);
        string pem = Convert.ToBase64String(Encoding.ASCII.GetBytes(request.CreateSigningRequestPem()));
        return _server.PostAsync(
            Path,
            $$"""
            {"metadata":{"name":"{{name}}"},"spec":{"request":"{{pem}}","signerName":"{{signer}}","expirationSeconds":3600,
             "usages":["{{usage}}"]{{extra}} } }
            """);
    }

    private async Task<Answer> ApproveAsync(string name)
    {
        JsonObject json = (await _server.GetAsync($"{Path}/{name}")).Json!.AsObject();
        json.Ensure("status")["conditions"] = new JsonArray(new JsonObject
        {
            ["type"] = "Approved",
            ["status"] = "True",
            ["reason"] = "KubectlApprove",
            ["message"] = "This CSR was approved by kubectl certificate approve.",
        });
        return await _server.PutAsync($"{Path}/{name}/approval", json.ToJsonString());
    }

    private async Task<string> CertificateAsync(string name)
    {
        string? base64 = null;
        await Eventually.TrueAsync(
            async () => (base64 = (await _server.GetAsync($"{Path}/{name}")).Json.Text("status", "certificate")) is not null,
            "the certificate is there");
        return Encoding.ASCII.GetString(Convert.FromBase64String(base64!));
    }
}
