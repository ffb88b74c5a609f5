using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MiniPlane.Configuration;
using MiniPlane.Hosting;
using MiniPlane.Objects.Errors;
using MiniPlane.Workloads.Site;

namespace MiniPlane.Integration.Tests.CommandLine;

public sealed class SiteLayersTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("miniplane-site-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void The_users_file_adds_to_the_sites_mappings_and_replaces_the_rest()
    {
        string site = Write("site.yaml", """
            account: proj1
            partitions: [batch, gpu]
            storageRoots: {scratch: /scratch/all, project: /project}
            """);
        string own = Write("own.yaml", """
            partitions: [gpu]
            storageRoots: {scratch: /scratch/me}
            """);

        SiteSettings merged = SiteLayers.Read(site, own);

        Assert.Equal("proj1", merged.Account);
        Assert.Equal(["gpu"], merged.Partitions);
        Assert.Equal(
            [("project", "/project"), ("scratch", "/scratch/me")],
            merged.StorageRoots.Select(root => (root.Key, root.Value)).Order());
    }

    [Fact]
    public void Neither_file_need_be_there_but_one_that_is_named_must()
    {
        Assert.Equal(SiteSettings.Default, SiteLayers.Read("/nowhere/site.yaml", null));

        SettingException refused = Assert.Throws<SettingException>(() => SiteLayers.Read("/nowhere/site.yaml", "/nowhere/own.yaml"));

        Assert.Contains("/nowhere/own.yaml", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistyped_name_is_refused_with_the_file_and_what_was_probably_meant()
    {
        string site = Write("site.yaml", "acount: proj1\n");

        SettingException refused = Assert.Throws<SettingException>(() => SiteLayers.Read(site, null));

        Assert.Contains(site, refused.Message, StringComparison.Ordinal);
        Assert.Contains("did you mean \"account\"?", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Authorities_of_registries_are_read_at_the_start_and_a_file_without_one_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 authority = new CertificateRequest("CN=site", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
        string file = Write("ca.pem", "Our own:\n" + authority.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        string empty = Write("empty.pem", "nothing");

        SiteSettings read = SiteLayers.Read(Write("site.yaml", $"registryAuthorities: [{file}]\n"), null);

        Assert.Equal(authority.ExportCertificatePem(), read.RegistryCertificates.Trim());
        foreach (string wrong in (string[])[empty, "/nowhere/ca.pem"])
        {
            string site = Write("wrong.yaml", $"registryAuthorities: [{wrong}]\n");
            Assert.Contains($"registryAuthorities: {wrong}: ", Assert.Throws<SettingException>(() => SiteLayers.Read(site, null)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_commented_site_file_knows_every_name_and_is_right_when_switched_on()
    {
        string[] on =
        [
            .. SiteTemplate.Text.Split('\n').Where(line => line.StartsWith("# ", StringComparison.Ordinal)).Select(line => line[2..])
                .Where(line => line.StartsWith("  ", StringComparison.Ordinal) || (char.IsAsciiLetterLower(line[0]) && line.Split(' ')[0].EndsWith(':') && !line.StartsWith("site.yaml", StringComparison.Ordinal))),
        ];
        var errors = new FieldErrors();

        SiteFile.Parse(string.Join('\n', on), errors);

        Assert.Empty(errors.Causes.Select(cause => cause.Message));
        Assert.All(SiteFile.Names, name => Assert.Contains(on, line => line.StartsWith(name + ":", StringComparison.Ordinal)));
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_home, name);
        File.WriteAllText(path, text);
        return path;
    }
}
