using System.Text.RegularExpressions;
using MiniPlane.Controllers;
using MiniPlane.Workloads.Site;

namespace MiniPlane.Hosting;

/// <summary>
/// The built-in storage classes: <c>home</c>, <c>scratch</c>, <c>project</c> and <c>node-local</c> are always there, so that a chart
/// finds them on every site; the site file's <c>storageRoots</c> tell where, and may add more. A class whose root nobody names is
/// a directory beside home's.
/// </summary>
internal static partial class StorageClasses
{
    private const string NodeLocal = "node-local";

    private static readonly (string Class, string Variable)[] Usual = [("scratch", "SCRATCH"), ("project", "PROJECT")];

    /// <param name="site">The site's settings.</param>
    /// <param name="dataDirectory">Where the cluster lives; home volumes are in <c>volumes/home</c> below it.</param>
    /// <param name="clusterId">The cluster's random name.</param>
    /// <param name="environment">The value of an environment variable, or null.</param>
    public static IReadOnlyList<StorageRoot> Of(
        SiteSettings site, string dataDirectory, string clusterId, Func<string, string?> environment)
    {
        var roots = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["home"] = Path.Combine(dataDirectory, "volumes", "home"),
            // Everybody may write into /tmp: under a name that can be guessed somebody else's directory could already be there.
            [NodeLocal] = $"/tmp/miniplane-{clusterId}/volumes",
        };
        foreach ((string name, string variable) in Usual)
        {
            roots[name] = environment(variable) is { Length: > 0 } directory && directory.StartsWith('/')
                ? Path.Combine(directory, "miniplane-volumes")
                : Path.Combine(dataDirectory, "volumes", name);
        }

        foreach ((string name, string path) in site.StorageRoots)
        {
            roots[name] = Path.GetFullPath(Expand(path, environment));
        }

        return
        [
            .. roots.OrderBy(root => root.Key, StringComparer.Ordinal).Select(root => new StorageRoot(root.Key, root.Value)
            {
                IsDefault = root.Key == site.DefaultStorageClass,
                IsNodeLocal = root.Key == NodeLocal,
            }),
        ];
    }

    private static string Expand(string path, Func<string, string?> environment)
    {
        string home = environment("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string absolute = path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? home + path[1..] : path;
        return Variable().Replace(absolute, match => environment(match.Groups["name"].Value) ?? match.Value);
    }

    [GeneratedRegex(@"\$\{?(?<name>[A-Za-z_][A-Za-z0-9_]*)\}?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Variable();
}
