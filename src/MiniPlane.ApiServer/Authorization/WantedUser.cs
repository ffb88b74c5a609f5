namespace MiniPlane.ApiServer.Authorization;

/// <summary>Whom a request wants to act as, as its <c>Impersonate-…</c> headers say it, with nothing added.</summary>
internal sealed record WantedUser
{
    private const string NodePrefix = "system:node:";
    private const string ServiceAccountPrefix = "system:serviceaccount:";

    public required string Name { get; init; }

    public required string Uid { get; init; }

    public required IReadOnlyList<string> Groups { get; init; }

    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; }

    public bool IsOnlyName => Uid.Length == 0 && Groups.Count == 0 && Extra.Count == 0;

    /// <summary>The node whose name this is, or null.</summary>
    public string? Node => Name.StartsWith(NodePrefix, StringComparison.Ordinal) && Name.Length > NodePrefix.Length ? Name[NodePrefix.Length..] : null;

    /// <summary>The service account whose name this is, or null.</summary>
    public (string Namespace, string Name)? Account => AccountOf(Name);

    public static (string Namespace, string Name)? AccountOf(string user) =>
        user.StartsWith(ServiceAccountPrefix, StringComparison.Ordinal) && user.Split(':') is { Length: 4 } parts ? (parts[2], parts[3]) : null;
}
