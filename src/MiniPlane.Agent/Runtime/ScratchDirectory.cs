using System.ComponentModel;
using System.Diagnostics;

namespace MiniPlane.Agent.Runtime;

/// <summary>
/// Removes what containers leave behind. Files that a container made under another of its users belong to a mapped id outside, and
/// only a user namespace with the same map may remove what lies in a directory of such an id.
/// </summary>
internal static class ScratchDirectory
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public static void Remove(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Nothing to do.
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            RemoveMapped(directory);
        }
    }

    private static void RemoveMapped(string directory)
    {
        if (ApptainerTools.Resolve("unshare") is not { } unshare)
        {
            return;
        }

        try
        {
            using var process = Process.Start(new ProcessStartInfo(
                unshare, ["--user", "--map-root-user", "--map-auto", "--", "rm", "-rf", "--", directory])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            });
            process?.WaitForExit(Limit);
        }
        catch (Win32Exception)
        {
            // Left for the control plane's clean-up.
        }
    }
}
