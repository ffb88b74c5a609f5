namespace MiniPlane.Agent.Runtime;

/// <summary>
/// Mounts below /dev. Apptainer makes a small /dev of its own and mounts nothing there, so such a mount goes elsewhere; then /dev gets
/// a link to it, or where /dev has that directory already, a bind.
/// </summary>
internal static class DeviceMounts
{
    private const string Elsewhere = "/.miniplane";
    private static readonly string[] There = ["/dev/shm", "/dev/mqueue"];

    /// <summary>Where Apptainer is to mount it.</summary>
    public static string TargetOf(Mount mount) => IsBelow(mount) ? Elsewhere + mount.Target : mount.Target;

    /// <summary>The holder's arguments: for each such mount where it is, and where it belongs.</summary>
    public static IEnumerable<string> Pairs(IEnumerable<Mount> mounts) =>
        mounts.Where(IsBelow).SelectMany(mount => new[] { TargetOf(mount), mount.Target });

    /// <summary>What must be bound: a link would not do.</summary>
    public static IEnumerable<Mount> Binds(IEnumerable<Mount> mounts) =>
        mounts.Where(mount => There.Contains(mount.Target, StringComparer.Ordinal));

    private static bool IsBelow(Mount mount) => mount.Target.StartsWith("/dev/", StringComparison.Ordinal);
}
