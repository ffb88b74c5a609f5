using System.Globalization;

namespace MiniPlane.Agent.Runtime;

/// <summary>How nsenter gets to a user of another process's user namespace.</summary>
internal static class UserNamespaceEntry
{
    public static IReadOnlyList<string> Arguments(int process, ContainerUser user)
    {
        string id = process.ToString(CultureInfo.InvariantCulture);
        bool isOwn = new FileInfo($"/proc/{id}/ns/user").LinkTarget is { } there && there == new FileInfo("/proc/self/ns/user").LinkTarget;
        string groups = $"/proc/{id}/setgroups";
        return Arguments(isOwn, File.Exists(groups) && File.ReadAllText(groups).Trim() == "deny", user);
    }

    /// <param name="isOwn">The agent is in that namespace itself, which the kernel lets nobody enter again: it is root of its pod's network.</param>
    /// <param name="hasOneUser">
    /// Only the agent's own account is mapped there, as root, and the kernel lets nobody change groups; whoever enters is that root.
    /// </param>
    /// <param name="user">The user.</param>
    internal static IReadOnlyList<string> Arguments(bool isOwn, bool hasOneUser, ContainerUser user) =>
    [
        .. isOwn ? Array.Empty<string>() : ["--user"],
        .. hasOneUser
            ? ["--preserve-credentials"]
            : (string[])["--setuid", user.UserId.ToString(CultureInfo.InvariantCulture), "--setgid", user.GroupId.ToString(CultureInfo.InvariantCulture)],
    ];
}
