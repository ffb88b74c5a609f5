using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using MiniPlane.Agent.Runtime;
using MiniPlane.Agent.Views;

namespace MiniPlane.Agent.Volumes;

/// <summary>
/// fsGroup: a volume's directory belongs to that group, and to the pod's user, inside the containers' user namespace. Programs here
/// have no supplementary groups, so it is the ownership by the user that gives a pod which is not root its volume.
/// </summary>
internal static class VolumeGroup
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Hands the directory over if the pod asks for a group; says why not when that cannot be.</summary>
    public static string? Apply(string directory, PodSpecView pod)
    {
        if (pod.SecurityContext.FsGroup is not { } group || !Directory.Exists(directory))
        {
            return null;
        }

        long user = pod.SecurityContext.RunAsUser ?? pod.Containers.Select(container => container.SecurityContext?.RunAsUser).FirstOrDefault(id => id is not null) ?? 0;
        return Run("chown", Owner(user, group), directory) ?? Run("chmod", "u+rwx,g+rwxs", directory);
    }

    // Root needs no namespace to give files away, and unshare does not find root's own ranges.
    private static string Owner(long user, long group) => Environment.IsPrivilegedProcess
        ? string.Create(CultureInfo.InvariantCulture, $"{Outside("/etc/subuid", user)}:{Outside("/etc/subgid", group)}")
        : string.Create(CultureInfo.InvariantCulture, $"{user}:{group}");

    private static long Outside(string file, long id)
    {
        string[]? range = id == 0 || !File.Exists(file)
            ? null
            : File.ReadLines(file).Select(line => line.Split(':')).FirstOrDefault(parts => parts is ["root" or "0", _, _]);
        return range is not null && long.TryParse(range[1], NumberStyles.None, CultureInfo.InvariantCulture, out long first) ? first + id - 1 : id;
    }

    // The same map as Apptainer's --fakeroot: 0 is the account, the others its ids of /etc/subuid and /etc/subgid.
    private static string? Run(string program, string argument, string directory)
    {
        string unshare = ApptainerTools.Resolve("unshare") ?? "unshare";
        string[] words = Environment.IsPrivilegedProcess
            ? [program, argument, directory]
            : [unshare, "--user", "--map-root-user", "--map-auto", "--", program, argument, directory];
        try
        {
            using var process = Process.Start(new ProcessStartInfo(words[0], words.Skip(1)) { UseShellExecute = false, RedirectStandardError = true });
            string errors = process?.StandardError.ReadToEnd().Trim() ?? "";
            return process?.WaitForExit(Limit) == true && process.ExitCode == 0 ? null : errors;
        }
        catch (Win32Exception exception)
        {
            return $"{words[0]}: {exception.Message}";
        }
    }
}
