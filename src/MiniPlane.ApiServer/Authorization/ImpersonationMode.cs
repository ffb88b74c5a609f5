using MiniPlane.ApiServer.Identity;

namespace MiniPlane.ApiServer.Authorization;

/// <summary>
/// A way to be allowed to act as someone else, as the permissions that it takes. The constrained ways say both as whom
/// (<c>impersonate:MODE</c>) and to do what (<c>impersonate-on:MODE:VERB</c>); the old one says only as whom, and stands for everything
/// that this one may do (https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/).
/// </summary>
/// <param name="Name">The mode's name in verbs; null for the old way.</param>
internal sealed record ImpersonationMode(string? Name)
{
    private const string NodeNameKey = "authentication.kubernetes.io/node-name";
    private const string Authentication = "authentication.k8s.io";

    private static readonly ImpersonationMode AssociatedNode = new("associated-node");
    private static readonly ImpersonationMode ArbitraryNode = new("arbitrary-node");
    private static readonly ImpersonationMode ServiceAccount = new("serviceaccount");
    private static readonly ImpersonationMode AnyUser = new("user-info");
    private static readonly ImpersonationMode Legacy = new((string?)null);

    /// <summary>The modes that this user may come by to the wanted one, the narrowest first.</summary>
    public static IEnumerable<ImpersonationMode> For(WantedUser wanted, UserInfo user)
    {
        if (wanted.IsOnlyName && wanted.Node is { } node)
        {
            if (WantedUser.AccountOf(user.Name) is not null && user.Extra.GetValueOrDefault(NodeNameKey) is [var own] && own == node)
            {
                yield return AssociatedNode;
            }

            yield return ArbitraryNode;
        }

        if (wanted.IsOnlyName && wanted.Account is not null)
        {
            yield return ServiceAccount;
        }

        if (wanted.Node is null && wanted.Account is null)
        {
            yield return AnyUser;
        }

        yield return Legacy;
    }

    /// <summary>All that must be allowed to <paramref name="asked"/>'s user, in the order in which a refusal is told.</summary>
    public IEnumerable<AccessAttributes> Permissions(WantedUser wanted, AccessAttributes asked)
    {
        if (Name is not null)
        {
            yield return asked with { Verb = $"impersonate-on:{Name}:{asked.Verb}" };
        }

        yield return User(wanted, asked.User);
        if (wanted.Uid.Length > 0)
        {
            yield return Identity(asked.User, Authentication, "uids", wanted.Uid);
        }

        foreach (string group in wanted.Groups)
        {
            yield return Identity(asked.User, Group, "groups", group);
        }

        foreach ((string key, IReadOnlyList<string> values) in wanted.Extra)
        {
            foreach (string value in values)
            {
                yield return Identity(asked.User, Authentication, "userextras", value) with { Subresource = key };
            }
        }
    }

    /// <summary>Whom the request then acts as.</summary>
    public UserInfo Become(WantedUser wanted)
    {
        IReadOnlyList<string> groups = wanted.Groups;
        if (Name is not null && wanted.Node is not null)
        {
            groups = ["system:nodes"];
        }
        else if (groups.Count == 0 && wanted.Account is { } account)
        {
            groups = ["system:serviceaccounts", $"system:serviceaccounts:{account.Namespace}"];
        }

        string last = wanted.Name == UserInfo.Anonymous.Name || groups.Contains(UserInfo.UnauthenticatedGroup, StringComparer.Ordinal)
            ? UserInfo.UnauthenticatedGroup
            : UserInfo.AuthenticatedGroup;
        return new UserInfo
        {
            Name = wanted.Name,
            Uid = wanted.Uid,
            Groups = groups.Contains(last, StringComparer.Ordinal) ? groups : [.. groups, last],
            Extra = wanted.Extra,
        };
    }

    // Users, groups and accounts are of the core group in the old way only.
    private string Group => Name is null ? "" : Authentication;

    private AccessAttributes User(WantedUser wanted, UserInfo user)
    {
        if (wanted.Account is { } account)
        {
            return Identity(user, Group, "serviceaccounts", account.Name) with { Namespace = account.Namespace };
        }

        // The narrowest mode is granted for whichever node the account's pods are on, hence no name.
        return Name is not null && wanted.Node is { } node
            ? Identity(user, Group, "nodes", this == AssociatedNode ? "*" : node)
            : Identity(user, Group, "users", wanted.Name);
    }

    private AccessAttributes Identity(UserInfo user, string group, string resource, string name) => new()
    {
        User = user,
        Verb = Name is null ? "impersonate" : $"impersonate:{Name}",
        IsResource = true,
        Group = group,
        Version = group.Length > 0 ? "v1" : "",
        Resource = resource,
        Name = name,
    };
}
