using System.Globalization;

namespace MiniPlane.Agent.Runtime;

/// <summary>Who a container's program runs as, inside its user namespace.</summary>
internal sealed record ContainerUser(long UserId, long GroupId, string Home)
{
    public static ContainerUser Root { get; } = new(0, 0, "/root");

    /// <summary>That the node could not give the ids that were asked for; null when it could.</summary>
    public string? Shortcoming { get; init; }

    /// <summary>
    /// The pod's user, else the image's, else root. A user that the node does not map (no range for this account in /etc/subuid)
    /// becomes root, which outside is the account itself.
    /// </summary>
    public static async ValueTask<ContainerUser> FindAsync(
        Sandbox sandbox, ContainerSetup setup, CancellationToken cancellationToken)
    {
        string[] image = (setup.Image.Config?.User ?? "").Split(':', 2);
        string accounts = await sandbox.Accounts.WaitAsync(cancellationToken);
        string groups = image.Length == 2 && !IsNumber(image[1])
            ? await sandbox.TryReadAsync(["cat", "/etc/group"], cancellationToken) ?? ""
            : "";
        ContainerUser user = Resolve(setup, image[0], image.Length == 2 ? image[1] : "", accounts, groups);
        bool hasUser = sandbox.IsUserMapped(user.UserId);
        bool hasGroup = sandbox.IsGroupMapped(user.GroupId);
        return user with
        {
            UserId = hasUser ? user.UserId : 0,
            GroupId = hasGroup ? user.GroupId : 0,
            Shortcoming = hasUser && hasGroup
                ? null
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"The ids {user.UserId}:{user.GroupId} of container {setup.Name} are not mapped on node {Environment.MachineName} (see /etc/subuid and /etc/subgid there); it runs as {(hasUser ? user.UserId : 0)}:{(hasGroup ? user.GroupId : 0)}, with the account's rights"),
        };
    }

    internal static ContainerUser Resolve(
        ContainerSetup setup, string imageUser, string imageGroup, string accounts, string groups)
    {
        string[]? byName = IsNumber(imageUser) ? null : FindLine(accounts, field: 0, imageUser);
        if (setup.RunAsUser is null && imageUser.Length > 0 && !IsNumber(imageUser) && byName is null && imageUser != "root")
        {
            throw new ContainerStartException(
                "CreateContainerError", $"the image's user \"{imageUser}\" is not in its /etc/passwd");
        }

        long user = setup.RunAsUser ?? (byName is not null ? Number(byName[2]) : Number(imageUser));
        CheckNonRoot(setup, user, imageUser);
        string[]? account = FindLine(accounts, field: 2, user.ToString(CultureInfo.InvariantCulture));
        long group = setup.RunAsGroup
            ?? (setup.RunAsUser is null && imageGroup.Length > 0
                ? Number(IsNumber(imageGroup) ? imageGroup : FindLine(groups, field: 0, imageGroup)?[2] ?? "0")
                : account is not null ? Number(account[3]) : 0);
        string home = account is { Length: > 5 } && account[5].Length > 0 ? account[5] : user == 0 ? "/root" : "/";
        return new ContainerUser(user, group, home);
    }

    // The texts are kubelet's (verifyRunAsNonRoot).
    private static void CheckNonRoot(ContainerSetup setup, long user, string imageUser)
    {
        if (!setup.RunAsNonRoot)
        {
            return;
        }

        if (setup.RunAsUser == 0)
        {
            throw new ContainerStartException(
                "CreateContainerConfigError", "container's runAsUser breaks non-root policy");
        }

        if (setup.RunAsUser is null && imageUser.Length > 0 && !IsNumber(imageUser))
        {
            throw new ContainerStartException(
                "CreateContainerConfigError",
                $"container has runAsNonRoot and image has non-numeric user ({imageUser}), cannot verify user is non-root");
        }

        if (user == 0)
        {
            throw new ContainerStartException(
                "CreateContainerConfigError", "container has runAsNonRoot and image will run as root");
        }
    }

    private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;

    private static string[]? FindLine(string file, int field, string value) =>
        file.Split('\n').Select(line => line.Split(':')).FirstOrDefault(parts => parts.Length > 3 - (field == 0 ? 1 : 0) && parts[field] == value);
}
