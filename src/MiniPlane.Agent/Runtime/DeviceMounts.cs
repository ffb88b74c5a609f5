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

    /// <summary>The holder's arguments: for each such mount where the link leads, and where it is.</summary>
    public static IEnumerable<string> Links(IEnumerable<Mount> mounts) =>
        mounts.Where(NeedsLink).SelectMany(mount => new[] { TargetOf(mount), mount.Target });

    private static bool NeedsLink(Mount mount) =>
        mount.Target.StartsWith("/dev/", StringComparison.Ordinal) && !There.Contains(mount.Target, StringComparer.Ordinal);
}
