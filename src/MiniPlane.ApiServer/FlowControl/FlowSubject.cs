using System.Text.Json.Nodes;
using MiniPlane.ApiServer.Identity;
using MiniPlane.Objects.Documents;

namespace MiniPlane.ApiServer.FlowControl;

/// <summary>flowcontrol.v1.Subject: a user, a group or a service account, or all of the sort.</summary>
internal sealed record FlowSubject(string Kind, string Name, bool IsAll)
{
    public static FlowSubject From(JsonObject subject) => subject.TextOrEmpty("kind") switch
    {
        "User" => Named("User", subject.TextOrEmpty("user", "name")),
        "Group" => Named("Group", subject.TextOrEmpty("group", "name")),
        _ => Account(subject.TextOrEmpty("serviceAccount", "namespace"), subject.TextOrEmpty("serviceAccount", "name")),
    };

    public bool Is(UserInfo user) => Kind switch
    {
        "User" => IsAll || Name == user.Name,
        "Group" => IsAll || user.IsIn(Name),
        _ => IsAll ? user.Name.StartsWith(Name, StringComparison.Ordinal) : user.Name == Name,
    };

    private static FlowSubject Named(string kind, string name) => new(kind, name, name == "*");

    // Its user name as a whole, or what the names of all of its namespace begin with.
    private static FlowSubject Account(string ns, string name) => new(
        "ServiceAccount", $"system:serviceaccount:{ns}:{(name == "*" ? "" : name)}", name == "*");
}
