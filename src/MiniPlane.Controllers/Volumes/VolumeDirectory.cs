using MiniPlane.Objects.Documents;

namespace MiniPlane.Controllers.Volumes;

/// <summary>
/// The directories behind volumes of our classes: <c>ROOT/VOLUME_NAMESPACE_CLAIM</c>, readable by their owner only. Removal follows
/// no links and touches nothing that was not made here under that very name.
/// </summary>
internal static class VolumeDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static string PathOf(string root, string volume, ObjectKey claim) =>
        Path.Combine(root, $"{volume}_{claim.Namespace}_{claim.Name}");

    /// <summary>Makes the directory if it is not there. Returns what is wrong, or null.</summary>
    public static string? Make(string path)
    {
        try
        {
            Directory.CreateDirectory(path, OwnerOnly);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    /// <summary>
    /// Removes the directory of a volume with all its content. Returns what is wrong, or null when it is gone. A path that is not
    /// the one made for this volume and claim is refused: data that was not made here is never deleted.
    /// </summary>
    public static string? Remove(string path, string volume, ObjectKey claim)
    {
        if (Path.GetFileName(path) != $"{volume}_{claim.Namespace}_{claim.Name}" || Path.GetFullPath(path) != path)
        {
            return $"{path} was not made for this volume";
        }

        try
        {
            var directory = new DirectoryInfo(path);
            if (directory.LinkTarget is not null)
            {
                return $"{path} is a link";
            }

            if (directory.Exists)
            {
                Unlock(directory);
                directory.Delete(recursive: true);
            }

            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    /// <summary>Programs leave directories that even their owner may not write to (module caches); they go, too.</summary>
    private static void Unlock(DirectoryInfo directory)
    {
        if (!directory.UnixFileMode.HasFlag(OwnerOnly))
        {
            directory.UnixFileMode |= OwnerOnly;
        }

        foreach (DirectoryInfo inner in directory.EnumerateDirectories())
        {
            if (inner.LinkTarget is null)
            {
                Unlock(inner);
            }
        }
    }
}
