namespace MiniPlane.Agent.Runtime;

/// <summary>
/// Mounts below /dev. Apptainer makes a small /dev of its own after the image's and cannot mount at a name that is not in it, so such
/// a mount goes elsewhere and /dev gets a link to it.
/// </summary>
internal static class DeviceMounts
{
    private const string Elsewhere = "/.miniplane";
    private static readonly string[] There = ["/dev/shm", "/dev/mqueue", "/dev/pts"];

    /// <summary>Where Apptainer is to mount it.</summary>
    public static string TargetOf(Mount mount) => NeedsLink(mount) ? Elsewhere + mount.Target : mount.Target;

    /// <summary>Makes the links in the running container, seen through its first process.</summary>
    public static void Link(IEnumerable<Mount> mounts, string root)
    {
        foreach (Mount mount in mounts.Where(NeedsLink))
        {
            string link = root + mount.Target;
            Directory.CreateDirectory(Path.GetDirectoryName(link)!);
            File.CreateSymbolicLink(link, TargetOf(mount));
        }
    }

    private static bool NeedsLink(Mount mount) =>
        mount.Target.StartsWith("/dev/", StringComparison.Ordinal) && !There.Contains(mount.Target, StringComparer.Ordinal);
}
