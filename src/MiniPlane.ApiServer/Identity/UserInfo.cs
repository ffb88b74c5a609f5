namespace MiniPlane.ApiServer.Identity;

/// <summary>Who is asking (authentication.v1.UserInfo).</summary>
public sealed record UserInfo
{
    public const string MastersGroup = "system:masters";
    public const string AuthenticatedGroup = "system:authenticated";
    public const string UnauthenticatedGroup = "system:unauthenticated";

    /// <summary>A request without credentials.</summary>
    public static readonly UserInfo Anonymous = new() { Name = "system:anonymous", Groups = [UnauthenticatedGroup] };

    /// <summary>The server's own controllers, DNS and workloads.</summary>
    public static readonly UserInfo Internal = new()
    {
        Name = "system:apiserver",
        Groups = [MastersGroup, AuthenticatedGroup],
    };

    public required string Name { get; init; }

    public string Uid { get; init; } = "";

    public IReadOnlyList<string> Groups { get; init; } = [];

    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } =
        System.Collections.Frozen.FrozenDictionary<string, IReadOnlyList<string>>.Empty;

    public bool IsAnonymous => Name == Anonymous.Name;

    public bool IsIn(string group)
    {
        for (int at = 0; at < Groups.Count; at++)
        {
            if (Groups[at] == group)
            {
                return true;
            }
        }

        return false;
    }
}
