using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using MiniPlane.Controllers.Accounts;
using MiniPlane.Controllers.Runtime;
using MiniPlane.Objects.Catalogue;

namespace MiniPlane.Controllers.Tests.Accounts;

public sealed class CertificateRequestCleanerTests : IAsyncLifetime
{
    private readonly ControllerRig _rig = new();

    public async Task InitializeAsync()
    {
        _rig.Cluster.Kinds.Add(BuiltInKinds.CertificateSigningRequest);
        await _rig.StartAsync(context => new CertificateRequestCleaner(context));
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_request_that_nobody_answered_goes_after_a_day()
    {
        await CreateAsync();

        await PassAsync(TimeSpan.FromHours(23));
        bool stayed = IsThere;
        await PassAsync(TimeSpan.FromHours(2));

        await _rig.UntilAsync(() => !IsThere, "it goes");
        Assert.True(stayed);
    }

    [Theory]
    [InlineData("Approved")]
    [InlineData("Denied")]
    [InlineData("Failed")]
    public async Task An_answered_one_goes_an_hour_after_the_answer_however_long_that_took(string answer)
    {
        await CreateAsync();
        await PassAsync(TimeSpan.FromHours(20));
        Answer(answer, answer == "Approved" ? Certificate(TimeSpan.FromDays(365)) : null);

        await PassAsync(TimeSpan.FromMinutes(50));
        bool stayed = IsThere;
        await PassAsync(TimeSpan.FromMinutes(20));

        await _rig.UntilAsync(() => !IsThere, "it goes");
        Assert.True(stayed);
    }

    [Fact]
    public async Task One_whose_certificate_has_expired_goes_at_once()
    {
        await CreateAsync();
        Answer("Approved", Certificate(TimeSpan.FromMinutes(10)));

        await PassAsync(TimeSpan.FromMinutes(11));

        await _rig.UntilAsync(() => !IsThere, "it goes");
    }

    [Fact]
    public async Task One_that_was_approved_and_waits_for_its_signer_stays()
    {
        await CreateAsync();
        Answer("Approved", certificate: null);

        await PassAsync(TimeSpan.FromDays(3));

        Assert.True(IsThere);
    }

    private bool IsThere => _rig.Cluster.Find("CertificateSigningRequest", "", "ann") is not null;

    private async Task CreateAsync() => await _rig.CreateAsync(
        "CertificateSigningRequest",
        Make.Object("certificates.k8s.io/v1", "CertificateSigningRequest", "ann", @namespace: null).With("spec", """{ "signerName": "example.com/any" }"""));

    private void Answer(string type, string? certificate) => _rig.Cluster.Edit("CertificateSigningRequest", "", "ann", json =>
    {
        json["status"] = new JsonObject
        {
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = type, ["status"] = "True", ["lastUpdateTime"] = ApiTime.Format(_rig.Time.GetUtcNow()) }),
        };
        json["status"]!["certificate"] = certificate;
    });

    private async Task PassAsync(TimeSpan time)
    {
        await _rig.SettleAsync();
        _rig.Time.Advance(time);
        await _rig.SettleAsync();
    }

    private string Certificate(TimeSpan life)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = _rig.Time.GetUtcNow();
        using X509Certificate2 made = new CertificateRequest("CN=ann", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddHours(-1), now + life);
        return Convert.ToBase64String(Encoding.ASCII.GetBytes(made.ExportCertificatePem()));
    }
}
