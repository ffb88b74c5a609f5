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
            return below;
        }

        return File.Exists(own)
            ? Parse(own, below)
            : throw new SettingException($"site: {own} does not exist; make it, or leave --site out");
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
