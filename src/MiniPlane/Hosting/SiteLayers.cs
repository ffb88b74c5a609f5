using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using MiniPlane.Configuration;
using MiniPlane.Objects.Errors;
using MiniPlane.Workloads.Site;

namespace MiniPlane.Hosting;

/// <summary>What is particular about the site: the administrator's defaults for everyone, and the user's own file on top.</summary>
internal static class SiteLayers
{
    /// <param name="siteDefaults">The administrator's file, which need not be there.</param>
    /// <param name="own">The user's file, which must be there when it is named.</param>
    public static SiteSettings Read(string siteDefaults, string? own)
    {
        SiteSettings below = File.Exists(siteDefaults) ? Parse(siteDefaults, SiteSettings.Default) : SiteSettings.Default;
        if (own is null)
        {
            return WithCertificates(below);
        }

        return File.Exists(own)
            ? WithCertificates(Parse(own, below))
            : throw new SettingException($"site: {own} does not exist; make it, or leave --site out");
    }

    private static SiteSettings WithCertificates(SiteSettings site)
    {
        var texts = new List<string>();
        foreach (string file in site.RegistryAuthorities)
        {
            try
            {
                X509Certificate2Collection certificates = [];
                certificates.ImportFromPemFile(file);
                texts.Add(certificates.Count > 0 ? certificates.ExportCertificatePems() : throw new CryptographicException("there is no certificate in it"));
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
            {
                throw new SettingException($"site: registryAuthorities: {file}: {exception.Message}");
            }
        }

        return site with { RegistryCertificates = string.Join('\n', texts) };
    }

    private static SiteSettings Parse(string file, SiteSettings below)
    {
        string yaml;
        try
        {
            yaml = File.ReadAllText(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"site: {file}: {exception.Message}");
        }

        var errors = new FieldErrors();
        SiteSettings site = SiteFile.Parse(yaml, below, errors);
        return errors.IsEmpty
            ? site
            : throw new SettingException(
                $"site: {file}: {string.Join("; ", errors.Causes.Select(cause => $"{cause.Field}: {cause.Message}"))}");
    }
}
